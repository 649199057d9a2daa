//! Status lists as others read them: one purpose each, bits that stay, and lists from before.

use crate::chain::World;
use cairn_credential::status_list::StatusList;
use serde_json::Value;

/// The badge's document, the list it names as it is served, and its bit there.
async fn looked_up(w: &World, badge: &str) -> (Value, Value, bool) {
    let document = w.learner.get(&format!("{badge}.json")).await.is(200).json();
    let entry = &document["credentialStatus"];
    let list = entry["statusListCredential"].as_str().unwrap();
    let list = w.app.visitor().get(list.split_once("cairn.test").unwrap().1).await.is(200).json();
    let bits = StatusList::from_encoded(list["credentialSubject"]["encodedList"].as_str().unwrap()).unwrap();
    let index: usize = entry["statusListIndex"].as_str().unwrap().parse().unwrap();
    let bit = bits.get(index).unwrap();
    (document, list, bit)
}

async fn change(w: &World, badge: &str, change: &str) {
    w.owner.post(&format!("{badge}/status"), &[("change", change), ("reason", "Complaint")]).await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_has_one_purpose_and_a_revoked_bit_stays() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let (document, list, bit) = looked_up(&w, &badge).await;
    assert!(document["credentialStatus"].is_object());
    assert_eq!(document["credentialStatus"]["statusPurpose"], "suspension");
    assert_eq!(list["credentialSubject"]["statusPurpose"], "suspension");
    assert!(document["proof"].is_array() && list["proof"].is_array());
    assert!(!bit);
    change(&w, &badge, "suspend").await;
    assert!(looked_up(&w, &badge).await.2);
    change(&w, &badge, "reinstate").await;
    assert!(!looked_up(&w, &badge).await.2);
    change(&w, &badge, "revoke").await;
    assert!(looked_up(&w, &badge).await.2);
    // what is revoked comes back by no way
    let again = [("change", "reinstate"), ("reason", "Cleared")];
    w.owner.post(&format!("{badge}/status"), &again).await.is(409);
    assert!(looked_up(&w, &badge).await.2);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_from_before_is_served_as_it_was_and_gets_no_new_badge() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    // as the program wrote lists before: the column's default, and badges that name revocation
    let mut tx = w.app.db.begin().await.unwrap();
    sqlx::query("UPDATE status_list SET purpose = 'both'").execute(&mut *tx).await.unwrap();
    sqlx::query("UPDATE status_list SET version = version + 1").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    change(&w, &badge, "suspend").await;
    let (document, list, bit) = looked_up(&w, &badge).await;
    let purposes = &list["credentialSubject"]["statusPurpose"];
    assert_eq!(*purposes, serde_json::json!(["revocation", "suspension"]));
    assert!(bit);
    // what others have read as revoked is never taken back: a new badge takes its place
    change(&w, &badge, "reinstate").await;
    let (_, _, bit) = looked_up(&w, &badge).await;
    assert!(bit, "a bit of purpose revocation is never cleared");
    let page = w.owner.get(&badge).await;
    let page = page.text();
    let mut links = page.split("href=\"/c/").filter_map(|part| part.split('"').next());
    let next = links.find(|id| id.len() == 36 && !badge.ends_with(id));
    let next = format!("/c/{}", next.unwrap());
    w.owner.get(&next).await.is(200).has("Everything that can be checked");
    let (after, list, bit) = looked_up(&w, &next).await;
    assert_eq!(list["credentialSubject"]["statusPurpose"], "suspension");
    assert!(!bit);
    assert_eq!(after["credentialSubject"]["result"], document["credentialSubject"]["result"]);
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE holds_place = 1").await, 1);
    let other = w.badge(&w.app.person("Ada").await).await;
    let newer = w.owner.get(&format!("{other}.json")).await.is(200).json();
    let of = |document: &Value| document["credentialStatus"]["statusListCredential"].clone();
    assert_ne!(of(&newer), of(&document));
    assert_eq!(newer["credentialStatus"]["statusPurpose"], "suspension");
    w.app.run_jobs().await;
}
