enrollment-desk = Your desk
enrollment-desk-lede = What to do next, what came back, what is under way.
enrollment-find = Find a micro-credential
enrollment-your-turn = Your turn
enrollment-active = In progress
enrollment-none = Nothing in progress
enrollment-none-text = Choose a micro-credential that fits your goal and lay the first stone.
enrollment-next = Next: { $name }
enrollment-waiting = Waiting for review
enrollment-since = for { $span }
enrollment-badges = Your newest badges
enrollment-all-badges = All badges
enrollment-past = Finished and given up
enrollment-started = You are enrolled. Good luck!
enrollment-lede = Meet the requirements in the order you like, at your own pace.
enrollment-requirements = Requirements
enrollment-met = done
enrollment-withdraw = Give up
enrollment-withdraw-confirm = Give up this micro-credential? What you did is kept, but enrolling again starts anew.
enrollment-back = Back to the requirements
enrollment-module-read = You have read this module.
enrollment-module-mark = I have read this
enrollment-module-done = Module done. One more stone is laid.
enrollment-badge-done = Your badge counts. One more stone is laid.
enrollment-quiz-lede = { $percent } % of the points pass.
enrollment-quiz-left = { $count ->
    [0] No attempt is left.
    [one] 1 attempt is left.
   *[other] { $shown } attempts are left.
 }
enrollment-quiz-unlimited = Try as often as you like.
enrollment-quiz-passed = Passed! One more stone is laid.
enrollment-quiz-passed-title = Passed with { $percent } %
enrollment-quiz-passed-text = The explanations are below.
enrollment-quiz-failed = { $percent } % – not enough yet
enrollment-quiz-again = Look at the wrong ones again; the modules help.
enrollment-quiz-used-up = All attempts are used up. Ask the organisation for another.
enrollment-right = right
enrollment-wrong = wrong
enrollment-answer = Answer
enrollment-several = Several answers can be right.
enrollment-send-answers = Send answers
enrollment-prior-lede = A valid badge that you earned before counts here.
enrollment-use-badge = Use my badge
enrollment-awarded = Congratulations! You have met everything, and this is your badge.

# Refusals.
no-enrollment-not-active = You are not working on this micro-credential at the moment
no-quiz-answers-most = At most 500 answers of at most 500 characters each
no-quiz-attempts-used = All attempts at this quiz are used up; ask the organisation for another
no-quiz-sent-twice = These answers were sent twice; load the page again
