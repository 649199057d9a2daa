//! `cairn operator`: who runs the instance. Needs no mail server.

use crate::seed::told;
use anyhow::Result;
use cairn_actions::account;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_value::email::Email;
use std::process::ExitCode;

/// Look after the operators.
#[derive(Debug, clap::Args)]
pub struct OperatorArgs {
    #[command(subcommand)]
    command: OperatorCommand,
}

#[derive(Debug, clap::Subcommand)]
enum OperatorCommand {
    /// Make somebody an operator, and print a link that signs in once.
    Add {
        /// Her address.
        email: String,
    },
    /// Show all operators.
    List,
    /// Take the right away; the account stays.
    Remove {
        /// Her address.
        email: String,
    },
}

/// `cairn operator`
pub async fn command(config: Config, args: OperatorArgs) -> Result<ExitCode> {
    let app = crate::open(config, Clock::System).await?;
    match args.command {
        OperatorCommand::Add { email } => {
            let email = address(&email)?;
            let added = account::add_operator(&app, &email).await.map_err(told)?;
            let what =
                if added.is_new_account { "has an account and is an operator" } else { "is an operator" };
            println!("{email} {what}. This link signs in once, for 15 minutes:\n{}", added.link);
        }
        OperatorCommand::List => {
            let all = account::operators(&app).await.map_err(told)?;
            for operator in &all {
                println!("{}  {}", operator.address, operator.name);
            }
            if all.is_empty() {
                println!("There is no operator; make one with `cairn operator add EMAIL`.");
            }
        }
        OperatorCommand::Remove { email } => {
            account::remove_operator(&app, &address(&email)?).await.map_err(told)?;
            println!("{email} is no operator any more.");
        }
    }
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn address(text: &str) -> anyhow::Result<Email> {
    Email::parse(text).map_err(|wrong| told(cairn_actions::Error::invalid("email", wrong)))
}
