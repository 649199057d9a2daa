//! Earn, review, issue, show, check, revoke: through HTTP, with the definition
//! made by the designer's actions.

use crate::harness::{Browser, Page, Role, TestApp};
use cairn_actions::published;
use cairn_actions::{achievement, credential};
use cairn_domain::achievement::{AssessmentType, Definition, Field, Participation, Programme};
use cairn_domain::assessment::{Choice, Item, Question};
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::{Criterion, Level, Rubric};
use cairn_platform::config::Config;
use cairn_value::id::OrganizationId;
use serde_json::json;

/// A project with a module, a quiz and a rubric; valid for a year.
pub fn definition() -> Definition {
    let level = |title: &str, points| Level { title: title.into(), points, description: String::new() };
    let rubric = Rubric {
        criteria: vec![Criterion {
            id: "plan".into(),
            title: "Plans with care".into(),
            description: String::new(),
            levels: vec![level("Not yet", 0), level("Proficient", 1), level("Exemplary", 2)],
            required_points: 1,
        }],
        pass_points: 1,
    };
    let choice = |text: &str, correct| Choice { text: text.into(), correct, feedback: String::new() };
    let item = Item {
        id: "q1".into(),
        prompt: "Which one is right?".into(),
        points: 1,
        explanation: "Because it is.".into(),
        question: Question::Single { choices: vec![choice("This one", true), choice("That one", false)] },
    };
    let parts = vec![
        Requirement::Module {
            id: "m1".into(),
            title: "Read this".into(),
            text: "## Why\n\nText.".into(),
            minutes: 10,
        },
        Requirement::Assessment {
            id: "quiz".into(),
            title: "Check yourself".into(),
            introduction: String::new(),
            items: vec![item],
            pass_percent: 100,
            attempts: 2,
        },
        Requirement::Project {
            id: "project".into(),
            title: "Plan a walk".into(),
            brief: "Hand in a plan.".into(),
            rubric,
            minutes: 60,
        },
    ];
    let mut d = Definition::draft("en", "Walking with a plan", Programme::Project, Field::HumanSkills);
    d.summary = "Plan a walk and take it.".into();
    d.description = "For everybody who walks.".into();
    d.outcomes = vec!["Plans a walk".into()];
    d.workload.hours = 5;
    d.level.eqf = Some(3);
    d.participation = Some(Participation::Online);
    d.assessment = vec![AssessmentType::Project];
    d.quality.assurance = "Internal".into();
    d.validity.months = Some(12);
    d.requirement = Requirement::All { id: "root".into(), title: String::new(), parts };
    d
}

/// An organisation with its people and one published micro-credential.
pub struct World {
    pub app: TestApp,
    pub organization: OrganizationId,
    pub owner: Browser,
    pub reviewer: Browser,
    pub learner: Browser,
    /// `northfjord.walking`
    pub key: String,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same with some settings changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::with(change).await;
        let (owner, reviewer) = (app.person("Oskar").await, app.person("Ray").await);
        let learner = app.person("Amy").await;
        let members = [(&owner, Role::Owner), (&reviewer, Role::Reviewer)];
        let organization = app.organization("northfjord", &members).await;
        let mut tx = app.db.begin().await.unwrap();
        credential::key::rotate(&mut tx, &app, organization, "system").await.unwrap();
        tx.commit().await.unwrap();
        let actor = owner.actor().await;
        achievement::create(&app, &actor, "northfjord", Some("walking"), definition()).await.unwrap();
        achievement::publish(&app, &actor, "northfjord", "walking").await.unwrap();
        Self { app, organization, owner, reviewer, learner, key: "northfjord.walking".into() }
    }

    /// Enrols; the path of the enrolment.
    pub async fn enroll(&self, learner: &Browser) -> String {
        learner.post(&format!("/catalog/{}/enrollments", self.key), &[]).await.location()
    }

    /// Does everything up to the handing-in; the path of the enrolment.
    pub async fn hand_in(&self, learner: &Browser) -> String {
        let path = self.enroll(learner).await;
        learner.post(&format!("{path}/requirements/m1/reading"), &[]).await.is(303);
        learner
            .post(&format!("{path}/requirements/quiz/attempts"), &[("choice-q1", "0")])
            .await
            .leads_to(&path);
        let files = [("files", "plan.txt", &b"Walk north."[..])];
        learner.upload(&format!("{path}/requirements/project/evidence"), &[], &files).await.is(303);
        let page = learner.get(&format!("{path}/requirements/project")).await;
        let submission = between(&page, "/submissions/", "/");
        learner
            .post(
                &format!("/submissions/{submission}/handing-in"),
                &[("message", "Please look"), ("show_evidence", "on")],
            )
            .await
            .is(303);
        path
    }

    /// The review that waits longest.
    pub async fn waiting(&self) -> String {
        let queue = self.reviewer.get("/reviews").await;
        format!("/reviews/{}", between(&queue, "href=\"/reviews/", "\""))
    }

    /// Hands in and has it accepted; the badge's path.
    pub async fn badge(&self, learner: &Browser) -> String {
        self.hand_in(learner).await;
        let review = self.waiting().await;
        let fields = [("points-plan", "2"), ("comment", "Well done"), ("verdict", "accept")];
        self.reviewer.post(&format!("{review}/decision"), &fields).await.leads_to("/reviews");
        self.app.run_jobs().await;
        let badges = learner.get("/badges").await;
        format!("/c/{}", between(&badges, "href=\"/c/", "\""))
    }
}

/// The text between two others.
#[track_caller]
pub fn between(page: &Page, before: &str, after: &str) -> String {
    // where a template breaks its lines says nothing
    let text = page.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing: {page}"));
    rest.split_once(after).unwrap_or_else(|| panic!("{after} is missing: {page}")).0.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_is_earned_reviewed_shown_checked_and_revoked() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let visitor = w.app.visitor();
    // private until she shares it
    visitor.get(&badge).await.is(404);
    visitor.get(&format!("{badge}.png")).await.is(404);
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    visitor.get(&badge).await.is(200).has("Walking with a plan").has("Amy").has("Verified").has("Exemplary");
    let png = visitor.get(&format!("{badge}.png")).await;
    assert_eq!(png.is(200).header("content-type"), "image/png");
    let json = visitor.get(&format!("{badge}.json")).await;
    assert_eq!(json.is(200).header("content-type"), "application/vc+ld+json");
    let svg = visitor.get(&format!("{badge}.svg")).await;
    assert_eq!(svg.is(200).header("content-type"), "image/svg+xml");
    for (name, bytes) in [("badge.png", &png.body), ("badge.svg", &svg.body), ("badge.json", &json.body)] {
        visitor
            .upload("/verify", &[], &[("file", name, bytes)])
            .await
            .is(200)
            .has("Everything that can be checked");
    }
    visitor
        .upload("/verify", &[("link", &format!("http://cairn.test{badge}"))], &[])
        .await
        .is(200)
        .has("Verified");
    let reason = [("change", "revoke"), ("reason", "The plan was copied")];
    w.owner.post(&format!("{badge}/status"), &reason).await.is(303);
    visitor.get(&badge).await.is(200).has("Revoked").has("The plan was copied").has("Not verified");
    visitor
        .upload("/verify", &[], &[("file", "badge.png", &png.body)])
        .await
        .is(200)
        .has("The issuer has revoked");
    w.app.run_jobs().await;
    let letters = w.app.mails_to("amy@people.example").await;
    assert_eq!(letters.len(), 3, "accepted, awarded, revoked: {letters:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suspension_is_seen_at_once_and_can_be_undone() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let json = w.learner.get(&format!("{badge}.json")).await;
    let check = async |word: &str| {
        w.app.visitor().upload("/verify", &[], &[("file", "b.json", &json.body)]).await.is(200).has(word);
        w.app.visitor().get(&badge).await.is(200).has(word);
    };
    check("Everything that can be checked").await;
    w.owner.post(&format!("{badge}/status"), &[("change", "suspend"), ("reason", "Complaint")]).await.is(303);
    check("The issuer has suspended").await;
    w.owner.post(&format!("{badge}/status"), &[("change", "reinstate"), ("reason", "Cleared")]).await.is(303);
    check("Everything that can be checked").await;
    // a change without a reason changes nothing
    w.owner.post(&format!("{badge}/status"), &[("change", "revoke"), ("reason", " ")]).await.is(409);
    check("Everything that can be checked").await;
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_returned_submission_keeps_what_was_there() {
    let w = World::new().await;
    let path = w.hand_in(&w.learner).await;
    let review = w.waiting().await;
    let back = [("points-plan", "0"), ("comment", "Say where the walk ends"), ("verdict", "return")];
    w.reviewer.post(&format!("{review}/decision"), &back).await.is(303);
    let page = w.learner.get(&format!("{path}/requirements/project")).await;
    page.is(200).has("Say where the walk ends").has("plan.txt").has("Revision 1");
    let submission = between(&page, "/submissions/", "/");
    let evidence = between(&page, &format!("/submissions/{submission}/evidence/"), "/removal");
    w.learner.post(&format!("/submissions/{submission}/evidence/{evidence}/removal"), &[]).await.is(303);
    let fields = [("url", "https://walks.example/plan"), ("link_title", "Better plan")];
    w.learner.upload(&format!("{path}/requirements/project/evidence"), &fields, &[]).await.is(303);
    w.learner.post(&format!("/submissions/{submission}/handing-in"), &[]).await.is(303);
    let workspace = w.reviewer.get(&review).await;
    workspace.is(200).has("Better plan").has("plan.txt").has("Say where the walk ends");
    // who still has the first one before her decides on nothing, and loses no word
    let unseen = [("points-plan", "1"), ("verdict", "accept"), ("comment", "As I said"), ("revision", "1")];
    let page = w.reviewer.post(&format!("{review}/decision"), &unseen).await;
    page.is(409).has("has handed in again").has("As I said").has("Better plan");
    assert_eq!(page.value("revision"), "2");
    w.reviewer.post(&format!("{review}/decision"), &unseen[..3]).await.is(409);
    w.reviewer.post(&format!("{review}/draft"), &unseen).await.is(409);
    let program = w.app.api(&w.app.token(&w.reviewer, cairn_actions::account::SCOPES).await);
    let call = |revision: Option<u32>| {
        let scores = json!([{ "criterion": "plan", "points": 1 }]);
        json!({ "verdict": "accept", "scores": scores, "revision": revision })
    };
    let decision = format!("/api/v1{review}/decision");
    program.post(&decision, &call(None)).await.is(422).has("which revision you have read");
    program.post(&decision, &call(Some(1))).await.is(409).has("review-other-revision");
    assert_eq!(w.app.count("SELECT count(*) FROM submission WHERE state = 'submitted'").await, 1);
    let accept = [("points-plan", "1"), ("verdict", "accept"), ("revision", "2")];
    w.reviewer.post(&format!("{review}/decision"), &accept).await.is(303);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn right_answers_never_reach_the_browser_before_the_quiz_is_passed() {
    let w = World::new().await;
    let path = w.enroll(&w.learner).await;
    let quiz = format!("{path}/requirements/quiz");
    w.learner.get(&quiz).await.is(200).has("This one").lacks("Because it is").lacks("correct");
    w.learner.post(&format!("{quiz}/attempts"), &[("choice-q1", "1")]).await.leads_to(&quiz);
    w.learner.get(&quiz).await.is(200).has("wrong").lacks("Because it is");
    w.learner.post(&format!("{quiz}/attempts"), &[("choice-q1", "1")]).await.is(303);
    // both attempts are used up
    w.learner.post(&format!("{quiz}/attempts"), &[("choice-q1", "0")]).await.is(409).has("used up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reviews_her_own_evidence() {
    let w = World::new().await;
    w.hand_in(&w.reviewer).await;
    // it is not even in her queue
    w.reviewer.get("/reviews").await.is(200).lacks("Plan a walk");
    let id = w.app.count("SELECT count(*) FROM submission WHERE state = 'submitted'").await;
    assert_eq!(id, 1);
    let mut conn = w.app.db.read().await.unwrap();
    let id: String = sqlx::query_scalar("SELECT id FROM submission").fetch_one(&mut *conn).await.unwrap();
    drop(conn);
    let fields = [("points-plan", "2"), ("verdict", "accept")];
    w.reviewer.post(&format!("/reviews/{id}/decision"), &fields).await.is(422).has("your own evidence");
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 0);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_tenant_finds_nothing() {
    let w = World::new().await;
    let path = w.hand_in(&w.learner).await;
    let review = w.waiting().await;
    let stranger = w.app.person("Eve").await;
    w.app.organization("other", &[(&stranger, Role::Owner)]).await;
    let page = w.learner.get(&format!("{path}/requirements/project")).await;
    let evidence = between(&page, "href=\"/evidence/", "\"");
    for path in [
        path.clone(),
        format!("{path}/requirements/project"),
        review.clone(),
        format!("/evidence/{evidence}"),
        "/organizations/northfjord/credentials".into(),
    ] {
        stranger.get(&path).await.is(404);
    }
    stranger
        .post(&format!("{review}/decision"), &[("points-plan", "2"), ("verdict", "accept")])
        .await
        .is(404);
    stranger.post(&format!("{review}/opening"), &[]).await.is(404);
    stranger.post(&format!("{path}/withdrawal"), &[]).await.is(404);
    let fields = [("points-plan", "2"), ("verdict", "accept")];
    w.reviewer.post(&format!("{review}/decision"), &fields).await.is(303);
    w.app.run_jobs().await;
    let badges = w.learner.get("/badges").await;
    let badge = format!("/c/{}", between(&badges, "href=\"/c/", "\""));
    stranger.get(&badge).await.is(404);
    stranger.post(&format!("{badge}/status"), &[("change", "revoke"), ("reason", "x")]).await.is(404);
    stranger.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_reason_awards_once_and_letters_go_once() {
    let w = World::new().await;
    let award = |name: &str| credential::NewAward {
        reason: "test:1".into(),
        person: None,
        name: name.into(),
        address: "zoe@people.example".into(),
        enrollment: None,
        at: w.app.clock.now(),
        outcomes: vec![],
        again: cairn_actions::credential::Again::No,
        evidence: vec![],
    };
    let mut ids = vec![];
    for name in ["Zoe", "Zoe again"] {
        let mut tx = w.app.db.begin().await.unwrap();
        let published = published::find_published(&mut tx, &w.key).await.unwrap();
        let issued = credential::issue(&mut tx, &w.app, &published, "system", vec![award(name), award(name)])
            .await
            .unwrap();
        credential::tell(&mut tx, &w.app, &published, &issued).await.unwrap();
        tx.commit().await.unwrap();
        ids.extend(issued.into_iter().map(|i| i.credential));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    w.app.run_jobs().await;
    assert_eq!(w.app.mails_to("zoe@people.example").await.len(), 1);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_ends_before_its_commit_leaves_nothing() {
    let w = World::new().await;
    w.hand_in(&w.learner).await;
    let before = w.app.count("SELECT count(*) FROM event").await;
    {
        let mut tx = w.app.db.begin().await.unwrap();
        let published = published::find_published(&mut tx, &w.key).await.unwrap();
        let award = credential::NewAward {
            reason: "lost".into(),
            person: None,
            name: "Zoe".into(),
            address: "zoe@people.example".into(),
            enrollment: None,
            at: w.app.clock.now(),
            outcomes: vec![],
            again: cairn_actions::credential::Again::No,
            evidence: vec![],
        };
        let issued = credential::issue(&mut tx, &w.app, &published, "system", vec![award]).await.unwrap();
        credential::tell(&mut tx, &w.app, &published, &issued).await.unwrap();
    } // dropped: the process might as well have died here
    for table in ["SELECT count(*) FROM award", "SELECT count(*) FROM credential"] {
        assert_eq!(w.app.count(table).await, 0);
    }
    assert_eq!(w.app.count("SELECT count(*) FROM event").await, before);
    assert_eq!(w.app.count("SELECT count(*) FROM mail WHERE address = 'zoe@people.example'").await, 0);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_key_still_vouches_for_what_it_signed() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    w.app.pass_days(1);
    let mut tx = w.app.db.begin().await.unwrap();
    credential::key::rotate(&mut tx, &w.app, w.organization, "system").await.unwrap();
    tx.commit().await.unwrap();
    w.app.pass_days(1);
    w.app.visitor().get(&badge).await.is(200).has("Everything that can be checked");
    let did = w.app.visitor().get("/issuers/northfjord/did.json").await;
    did.is(200).has("key-1").has("key-2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_badge_says_so() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    w.app.pass_days(400);
    w.app.visitor().get(&badge).await.is(200).has("Expired").has("Not verified");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_told_by_content_and_shown_without_harm() {
    let w = World::new().await;
    let path = format!("{}/requirements/project/evidence", w.enroll(&w.learner).await);
    let evil = b"<html><script>alert(1)</script></html>";
    for (name, bytes) in
        [("page.pdf", &evil[..]), ("run.png", &b"\x7fELF\x02\x01\x01\0\0\0\0\0"[..]), ("empty.txt", &b""[..])]
    {
        w.learner.upload(&path, &[], &[("files", name, bytes)]).await.is(409);
    }
    assert_eq!(w.app.count("SELECT count(*) FROM evidence").await, 0);
    w.learner.upload(&path, &[("url", "javascript:alert(1)")], &[]).await.is(422);
    w.learner.upload(&path, &[], &[("files", "a.txt", b"fine")]).await.is(303);
    let page = w.learner.get(path.trim_end_matches("/evidence")).await;
    let file = w.learner.get(&format!("/evidence/{}", between(&page, "href=\"/evidence/", "\""))).await;
    assert!(file.is(200).header("content-security-policy").contains("sandbox"));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
}
