awarding-had-it = You have met everything again. You have this badge already, and it is still in force.
awarding-rows-title = Had it already
awarding-rows-text = Nobody gets the same badge twice. These rows name people who have it, also under another of their addresses.
awarding-row-badge = Badge
awarding-row-see = See the badge
event-credential-second-held = added an address that has a second badge of the same version
