//! What happens beside the straight way: conflicts of interest, appeals, withdrawing and beginning anew, and what a
//! page lets a reviewer do.

use crate::chain::{World, between};
use crate::harness::{Browser, Role};

const ACCEPT: [(&str, &str); 3] = [("points-plan", "2"), ("comment", "Well done"), ("verdict", "accept")];
const DECLINE: [(&str, &str); 3] =
    [("points-plan", "0"), ("comment", "No plan at all"), ("verdict", "decline")];

async fn conflict(w: &World, reviewer: &Browser, learner: &str, path: &str) {
    let person = reviewer.person().to_string();
    let fields = [("reviewer", person.as_str()), ("learner", learner)];
    w.owner.post(&format!("/organizations/northfjord/{path}"), &fields).await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declared_conflict_closes_the_evidence_to_a_reviewer_until_it_is_taken_back() {
    let w = World::new().await;
    w.hand_in(&w.learner).await;
    let review = w.waiting().await;
    let id = review.trim_start_matches("/reviews/");
    let page = w.reviewer.get(&review).await;
    let file = format!("/evidence/{}", between(&page, "href=\"/evidence/", "\""));
    w.reviewer.get(&file).await.is(200);
    let program = w.app.api(&w.app.token(&w.reviewer, cairn_actions::account::SCOPES).await);
    let in_conflict = [format!("/api/v1{review}"), format!("/api/v1{review}{file}")];
    for path in &in_conflict {
        program.get(path).await.is(200);
    }
    conflict(&w, &w.reviewer, "amy@people.example", "conflicts").await;
    for path in [&review, &file] {
        w.reviewer.get(path).await.is(404);
    }
    for path in &in_conflict {
        program.get(path).await.is(404);
    }
    for view in ["waiting", "mine", "appealed", "done"] {
        w.reviewer.get(&format!("/reviews?view={view}")).await.is(200).lacks(id);
        program.get(&format!("/api/v1/reviews?view={view}")).await.is(200).lacks(id);
    }
    for path in ["opening", "draft", "decision"] {
        w.reviewer.post(&format!("{review}/{path}"), &ACCEPT).await.is(404);
    }
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 0);
    // somebody else still reviews it
    let second = w.app.person("Rita").await;
    w.app.join(w.organization, &second, Role::Reviewer).await;
    second.get("/reviews").await.has(id);
    conflict(&w, &w.reviewer, "amy@people.example", "conflicts/removal").await;
    w.reviewer.get("/reviews").await.has(id);
    w.reviewer.post(&format!("{review}/decision"), &ACCEPT).await.is(303);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    w.owner.get("/organizations/northfjord/audit").await.has("conflict");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decline_is_appealed_and_heard_by_somebody_else() {
    let w = World::new().await;
    let enrollment = w.hand_in(&w.learner).await;
    let review = w.waiting().await;
    w.reviewer.post(&format!("{review}/decision"), &DECLINE).await.is(303);
    let project = format!("{enrollment}/requirements/project");
    let page = w.learner.get(&project).await;
    page.is(200).has("No plan at all").has("Appeal");
    let submission = between(&page, "/submissions/", "/appeal");
    let appeal = format!("/submissions/{submission}/appeal");
    w.app.person("Ben").await.post(&appeal, &[("reason", "Mine!")]).await.is(404);
    let empty = w.learner.post(&appeal, &[("reason", "  ")]).await;
    assert!(empty.status.is_client_error(), "{empty}");
    empty.has("Say why you appeal");
    w.learner.post(&appeal, &[("reason", "The plan is on page two")]).await.is(303);
    w.learner.get(&project).await.has("Your appeal is being heard");
    let twice = w.learner.post(&appeal, &[("reason", "Again")]).await;
    assert!(twice.status.is_client_error(), "{twice}");
    // whoever declined sees that it is not for her, and why; the page offers what the rules allow
    let page = w.reviewer.get(&review).await;
    page.is(200)
        .has("The plan is on page two")
        .has("decided by somebody other than the reviewer who declined");
    page.lacks(&format!("{review}/decision"));
    w.reviewer.post(&format!("{review}/decision"), &ACCEPT).await.is(422);
    let second = w.app.person("Sam").await;
    w.app.join(w.organization, &second, Role::Reviewer).await;
    second.get(&review).await.is(200).has(&format!("{review}/decision"));
    second.post(&format!("{review}/decision"), &ACCEPT).await.is(303);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    let letters = w.app.mails_to("amy@people.example").await;
    assert!(letters.iter().any(|l| l.plain.contains("No plan at all")), "{letters:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn withdrawing_keeps_what_was_done_and_a_new_enrolment_begins_anew() {
    let w = World::new().await;
    let first = w.enroll(&w.learner).await;
    w.learner.post(&format!("{first}/requirements/m1/reading"), &[]).await.is(303);
    w.learner.post(&format!("{first}/withdrawal"), &[]).await.is(303);
    let page = w.learner.get(&first).await;
    page.is(200).lacks(&format!("{first}/withdrawal"));
    // nothing can be added to it any more
    let late = w.learner.post(&format!("{first}/requirements/m1/reading"), &[]).await;
    late.is(409).has("You are not working on this micro-credential at the moment");
    w.learner.post(&format!("{first}/withdrawal"), &[]).await.is(409);
    let second = w.enroll(&w.learner).await;
    assert_ne!(first, second);
    assert_eq!(w.app.count("SELECT count(*) FROM enrollment WHERE progress = '{}'").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM enrollment WHERE state = 'withdrawn'").await, 1);
    w.app.run_jobs().await;
}
