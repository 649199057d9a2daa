//! The figures of `docs/performance.md`, measured: medians over several rounds,
//! printed as a table. Not a test: nothing fails when a machine is slow.

use anyhow::{Context, Result};
use cairn::web::demo;
use cairn_actions::App;
use cairn_actions::credential::{NewAward, issue};
use cairn_actions::published;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Credentials in one batch.
const BATCH: usize = 1000;
/// Connections that ask for the public page.
const CONNECTIONS: usize = 32;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let port = free_port()?;
    let base_url = format!("http://127.0.0.1:{port}");
    let config =
        Config { data: folder.path().into(), base_url: base_url.clone(), demo: true, ..Config::default() };
    println!("load average at the start: {}", load());
    let started = Instant::now();
    cairn::seed::run(&config).await?;
    row("demo's world made", format!("{:.1} s", started.elapsed().as_secs_f64()));
    let app = cairn::open(config, Clock::System).await?;
    issue_batches(&app).await?;
    let badges = demo::shown(&app).await?.context("no world")?.credentials;
    app.db.close().await;
    drop(app);
    let page = badges.valid.first().context("no valid badge in the demo")?.clone();
    serve(folder.path(), port, &base_url, &page).await?;
    println!("load average at the end: {}", load());
    Ok(())
}

fn row(what: &str, value: impl std::fmt::Display) {
    println!("{what:<58} {value}");
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg")
        .unwrap_or_default()
        .split(' ')
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}

/// User and system seconds of a process, all threads.
fn cpu_seconds(pid: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks = |i: usize| fields.get(i).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Built, canonicalised, signed, stored with status position and audit.
async fn issue_batches(app: &App) -> Result<()> {
    let key = "project-practice.agile-project-management";
    let (mut wall, mut cpu) = (vec![], vec![]);
    for round in 0..7 {
        let award = |n: usize| NewAward {
            reason: format!("bench:{round}:{n}"),
            person: None,
            name: format!("Person {n}"),
            address: format!("person-{round}-{n}@people.example"),
            enrollment: None,
            at: app.clock.now(),
            outcomes: vec![],
            again: cairn_actions::credential::Again::No,
            evidence: vec![],
        };
        let awards: Vec<NewAward> = (0..BATCH).map(award).collect();
        let (t, c) = (Instant::now(), cpu_seconds("self"));
        let mut tx = app.db.begin().await?;
        let published =
            published::find_published(&mut tx, key).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
        issue(&mut tx, app, &published, "bench", awards).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
        tx.commit().await?;
        wall.push(BATCH as f64 / t.elapsed().as_secs_f64());
        cpu.push(BATCH as f64 / (cpu_seconds("self") - c).max(0.01));
    }
    row("issue, batches of 1,000, SQLite, per second", format!("{:.0}", median(wall)));
    row("issue, batches of 1,000, SQLite, per second of processor", format!("{:.0}", median(cpu)));
    Ok(())
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Ends the server also when something fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(data: &std::path::Path, port: u16, base_url: &str) -> Result<Server> {
    let child = Command::new(env!("CARGO_BIN_EXE_cairn"))
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--base-url", base_url, "--data"])
        .arg(data)
        .env("CAIRN_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()?;
    Ok(Server(child))
}

async fn serve(data: &std::path::Path, port: u16, base_url: &str, page: &str) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(CONNECTIONS).build()?;
    let mut starts = vec![];
    for _ in 0..5 {
        let t = Instant::now();
        let server = start(data, port, base_url)?;
        first_answer(&client, base_url).await?;
        starts.push(t.elapsed().as_secs_f64() * 1000.0);
        drop(server);
    }
    row("start to first answer", format!("{:.0} ms", median(starts)));
    let server = start(data, port, base_url)?;
    first_answer(&client, base_url).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let pid = server.0.id().to_string();
    row("resident at rest", format!("{:.1} MiB", resident(&pid)));
    let first_view =
        client.get(page).header("accept", "text/html").send().await?.error_for_status()?.bytes().await?;
    row("public page, HTML, uncompressed", format!("{:.1} kB", first_view.len() as f64 / 1000.0));
    for (what, accept) in [("public page, HTML", "text/html"), ("public badge, JSON", "application/vc")] {
        pages(&client, page, accept, what, &pid).await?;
    }
    row("resident after the load", format!("{:.1} MiB", resident(&pid)));
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_cairn"))?.len();
    row("program", format!("{:.1} MB", size as f64 / 1e6));
    Ok(())
}

async fn first_answer(client: &reqwest::Client, base_url: &str) -> Result<()> {
    for _ in 0..2000 {
        let answer = client.get(format!("{base_url}/healthz")).send().await;
        if answer.is_ok_and(|a| a.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    anyhow::bail!("the server did not start")
}

fn resident(pid: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// The client shares the machine's cores with the server.
async fn pages(
    client: &reqwest::Client,
    page: &str,
    accept: &'static str,
    what: &str,
    pid: &str,
) -> Result<()> {
    let (mut rates, mut p99s, mut cpus) = (vec![], vec![], vec![]);
    for _ in 0..5 {
        let (t, c) = (Instant::now(), cpu_seconds(pid));
        let mut tasks = vec![];
        for _ in 0..CONNECTIONS {
            let (client, page) = (client.clone(), page.to_owned());
            tasks.push(tokio::spawn(async move {
                let mut times = vec![];
                let end = Instant::now() + Duration::from_secs(3);
                while Instant::now() < end {
                    let t = Instant::now();
                    client
                        .get(&page)
                        .header("accept", accept)
                        .send()
                        .await?
                        .error_for_status()?
                        .bytes()
                        .await?;
                    times.push(t.elapsed().as_secs_f64() * 1000.0);
                }
                anyhow::Ok(times)
            }));
        }
        let mut times = vec![];
        for task in tasks {
            times.extend(task.await??);
        }
        let count = times.len() as f64;
        rates.push(count / t.elapsed().as_secs_f64());
        cpus.push(count / (cpu_seconds(pid) - c).max(0.01));
        times.sort_by(f64::total_cmp);
        p99s.push(times[times.len() * 99 / 100]);
    }
    row(&format!("{what}, {CONNECTIONS} connections, per second"), format!("{:.0}", median(rates)));
    row(&format!("{what}, per second of the server's processor time"), format!("{:.0}", median(cpus)));
    row(&format!("{what}, p99"), format!("{:.1} ms", median(p99s)));
    Ok(())
}
