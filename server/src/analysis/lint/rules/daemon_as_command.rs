//! `CMD service nginx start`.

use crate::analysis::lint::launch;
use crate::analysis::lint::packages;
use crate::analysis::lint::prelude::*;

rule! {
    /// The command starts a service in the background and ends, so the container stops at once.
    ///
    /// A container lives as long as the one program that it starts. `service … start` starts another process and is done;
    /// when it ends, Docker stops the container and all that is in it.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// CMD service nginx start
    /// ```
    ///
    /// Start the program itself, and tell it to stay in the foreground:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// CMD ["nginx", "-g", "daemon off;"]
    /// ```
    ///
    /// Others: `apachectl -D FOREGROUND`, `php-fpm -F`, `cron -f`, `/usr/sbin/sshd -D`. There is no `systemd` in a
    /// container, so `systemctl` does not work at all.
    name: "daemon-as-command",
    aliases: &[],
    url: "https://docs.docker.com/engine/containers/multi-service_container/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let entrypoint = launch::last_of(cx.cx, cx.stage, Keyword::Entrypoint);
    let cmd = launch::last_of_own(cx.cx, cx.stage, Keyword::Cmd).filter(|_| entrypoint.is_none());
    let own = entrypoint.filter(|it| cx.stage.contains(it.id));
    let Some(instruction) = own.or(cmd) else { return };
    let Some(shell) = cx.cx.shell(instruction.id) else { return };
    let [part] = shell.parts else { return };
    let Some(last) = part.script.commands().filter(|it| it.place.is_top_level()).last() else { return };
    if part.script.commands().any(|it| it.is("trap") || it.is("wait")) {
        return;
    }
    if let Some(better) = foreground(last).filter(|_| !(last.is("nginx") && may_be_configured(cx))) {
        let message = format!("this ends at once, and the container with it: write {better}");
        report.at(instruction.absolute(launch::words_range(part, last)), message);
    }
}

/// Whether a file of settings may tell `nginx` to stay.
fn may_be_configured(cx: &StageContext<'_>) -> bool {
    let stages = cx.cx.model.lineage(cx.stage.id);
    let mut instructions = stages
        .flat_map(|stage| stage.instructions.clone())
        .filter_map(|id| cx.cx.model.file().instruction(InstructionId(id)));
    let is_known = packages::root_image(cx.cx, cx.stage).is_some_and(|it| it.official_name().is_some());
    !is_known
        || instructions.any(|it| {
            let text = cx.cx.source(it.absolute_range());
            ["daemon", "nginx.conf", "/etc/nginx "].iter().any(|word| text.contains(word))
                || text.trim_end().ends_with("/etc/nginx")
                || text.trim_end().ends_with("/etc/nginx/")
        })
}

/// What to write instead of a command that leaves its work to the background.
fn foreground(command: &ShellCommand) -> Option<String> {
    let name = command.name().rsplit('/').next().unwrap_or_default();
    let words: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    let service = match (name, words.as_slice()) {
        ("service" | "rc-service" | "invoke-rc.d", [service, "start" | "restart"]) => service,
        ("systemctl", ["start" | "restart", service]) => service,
        (service, ["start" | "restart"]) if command.name().starts_with("/etc/init.d/") => service,
        ("apachectl" | "apache2ctl", ["start" | "restart"]) => "apache2",
        ("sshd", []) => "ssh",
        ("nginx", []) => "nginx",
        _ => return None,
    };
    Some(match service {
        "nginx" => "`[\"nginx\", \"-g\", \"daemon off;\"]`".into(),
        "apache2" | "httpd" => "`[\"apachectl\", \"-D\", \"FOREGROUND\"]`".into(),
        "ssh" | "sshd" => "`[\"/usr/sbin/sshd\", \"-D\"]`".into(),
        "cron" => "`[\"cron\", \"-f\"]`".into(),
        _ => format!("the program of `{service}` itself, in the foreground"),
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_last_command_keeps_the_container_alive() {
        check_rule(
            "daemon-as-command",
            "FROM a\nCMD service x start && service nginx start\n                       ^^^^^^^^^^^^^^^^^^^ daemon off\nFROM a\nCMD service x start && tail -f /x\nFROM a\nENTRYPOINT [\"/usr/sbin/sshd\"]\n           ^^^^^^^^^^^^^^^^^^ \nCMD [\"service\", \"x\", \"start\"]\nFROM a\nCMD [\"/usr/sbin/sshd\", \"-D\"]\n",
        );
    }

    #[test]
    fn nginx_leaves_unless_its_settings_keep_it() {
        check_rule(
            "daemon-as-command",
            "FROM nginx:1.29\nCMD [\"nginx\"]\n    ^^^^^^^^^ daemon off\nFROM debian:13\nRUN echo 'daemon off;' >> /x\nCMD nginx\nFROM nginx\nCOPY nginx.conf /etc/nginx/nginx.conf\nCMD nginx\nFROM me/nginx\nCMD nginx\n",
        );
    }
}
