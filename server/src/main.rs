//! The binary: arguments, logging, and which edge to run.

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use dockwright::lsp::Channel;

/// A language server, linter and formatter for Dockerfiles.
#[derive(Debug, Parser)]
#[command(name = "dockwright", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    server: ServerArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an editor over standard input and output.
    #[command(alias = "start")]
    Lsp(ServerArguments),
    Check(Box<dockwright::cli::check::CheckArguments>),
    #[command(hide = true)]
    DebugTreeReport(dockwright::cli::tree_report::TreeReport),
}

#[derive(Debug, Args, Clone, PartialEq, Eq)]
struct ServerArguments {
    /// Talk over standard input and output (the default).
    #[arg(long)]
    stdio: bool,
    /// Talk over a connection to this port of 127.0.0.1, where the editor listens.
    #[arg(long, value_name = "PORT")]
    socket: Option<u16>,
    /// The editor's process; the server ends with it.
    #[arg(long = "clientProcessId", value_name = "PID", hide = true)]
    client_process_id: Option<u32>,
    #[arg(long, hide = true)]
    node_ipc: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_logging();
    let outcome = match arguments.command {
        Some(Command::Lsp(server)) => serve(&server),
        Some(Command::Check(check)) => dockwright::cli::check::run(&check),
        Some(Command::DebugTreeReport(report)) => dockwright::cli::tree_report::run(&report),
        None if is_bare_in_terminal(&arguments.server) => print_help(),
        None => serve(&arguments.server),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("dockwright: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn serve(arguments: &ServerArguments) -> anyhow::Result<u8> {
    if arguments.node_ipc {
        anyhow::bail!("`--node-ipc` only works between Node.js programs; use `--stdio` or `--socket=PORT`");
    }
    if let Some(id) = arguments.client_process_id {
        dockwright::lsp::watch_parent(id);
    }
    let channel = arguments.socket.map_or(Channel::Stdio, Channel::Socket);
    let code = dockwright::lsp::run(channel)?;
    Ok(u8::try_from(code).unwrap_or(1))
}

/// Somebody typed `dockwright` to see what it is; an editor would not be a terminal.
fn is_bare_in_terminal(arguments: &ServerArguments) -> bool {
    let asks_for_nothing = !arguments.stdio && arguments.socket.is_none() && !arguments.node_ipc;
    asks_for_nothing && std::io::IsTerminal::is_terminal(&std::io::stdin())
}

fn print_help() -> anyhow::Result<u8> {
    <Arguments as clap::CommandFactory>::command().print_help()?;
    Ok(0)
}

/// Warnings go to standard error; `DOCKWRIGHT_LOG=debug` (or `target=level,…`) asks for more.
fn start_logging() {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    match std::env::var("DOCKWRIGHT_LOG") {
        Ok(filter) if !filter.is_empty() => {
            log.with_env_filter(tracing_subscriber::EnvFilter::new(filter)).init();
        }
        // Building a filter takes longer than the rest of the start.
        _ => log.with_max_level(tracing::Level::WARN).init(),
    }
}
