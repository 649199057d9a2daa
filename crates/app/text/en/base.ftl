# The frame of every page, and words that many pages share.

base-name = Cairn
base-skip = Skip to the content
base-nav = Main
base-nav-catalogue = Catalogue
base-nav-verify = Verify
base-nav-desk = Desk
base-nav-badges = Badges
base-nav-reviews = Reviews
base-nav-organizations = Organisations
base-language = Language
base-account = Account
base-operator = You operate this site.
base-sign-in = Sign in
base-sign-out = Sign out
base-demo = This is a demonstration. People, organisations and badges are invented.
base-foot = Small proofs of skill, open to everyone who wants to check them.
base-foot-nav = About this site
base-about = About
base-privacy = Privacy

# Forms
base-optional = (optional)
base-errors = Please look at these points again
base-drop = or drop it here
base-save = Save
base-cancel = Cancel
base-confirm = Go ahead
base-close = Close
base-delete = Delete
base-edit = Edit
base-back = Back
base-copy = Copy
base-copied = Copied
base-saving = Saving …
base-saved = Saved
base-not-saved = Not saved. Your text is still here; please save it by hand.
base-uploading = Uploading …
base-upload-failed = This file did not arrive.
base-retry = Try again
base-remove = Remove

# Lists
base-pages = Pages
base-crumbs = Where you are
base-previous = Previous
base-next = Next
base-search = Search

# States, by the names of the domain
base-state-draft = Draft
base-state-published = Published
base-state-retired = Retired
base-state-active = In progress
base-state-completed = Completed
base-state-awarded = Awarded
base-state-withdrawn = Withdrawn
base-state-submitted = Handed in
base-state-in-review = In review
base-state-returned = Returned with comments
base-state-accepted = Accepted
base-state-declined = Declined
base-state-appealed = Appealed
base-state-valid = Valid
base-state-not-yet-valid = Not yet valid
base-state-in-grace = Renewal due
base-state-expired = Expired
base-state-suspended = Suspended
base-state-revoked = Revoked
base-state-superseded = Replaced
form-error-long = Write at most { $most } characters
form-error-empty = Write something here
form-error-number = Write a number
form-error-range = Write a number from { $least } to { $most }
form-error-choose = Choose one
form-error-url = Write an address that begins with https://
