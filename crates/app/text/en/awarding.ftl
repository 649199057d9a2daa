awarding-had-it = You have met everything again. You have this badge already, and it is still in force.
awarding-rows-title = Had it already
awarding-rows-text = Nobody gets the same badge twice. These rows name people who have it, also under another of their addresses.
awarding-row-badge = Badge
awarding-row-see = See the badge
event-credential-second-held = added an address that has a second badge of the same version

# Refusals.
no-award-day = This day has not come yet, or is too long ago
no-award-no-achievement = This organisation offers no micro-credential under this key
no-award-own = This is your own address; nobody awards a badge to herself. Somebody else who may award has to do it
no-award-recipients = Name 1 to 1000 people in one call
no-badge-awarded-again = This badge was awarded again, and the new one was revoked too; award that one again
no-badge-in-force = This person has a badge of this version in force
no-badge-not-revoked = Only a badge that was revoked is awarded again
no-badge-revoked-again = The badge of this person, { $badge }, was revoked; to award it again all the same, set again to true
no-recipient-name = A name has 1 to 200 characters and no web or mail address in it
no-recipient-twice = This address stands at recipients[{ $before }] too
