//! npm, pnpm and Yarn: which one a project uses, and how each installs.

use serde_json::Value;

use crate::init::Refusal;
use crate::init::project::Project;
use crate::init::recipe::run_cached;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manager {
    Npm,
    Pnpm {
        version: String,
    },
    Yarn,
    /// Yarn from version 2 on, which does everything differently.
    YarnBerry {
        version: Option<String>,
    },
}

const LOCKS: &[(&str, &str)] = &[
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
];

impl Manager {
    /// By what the user says, then `packageManager`, then the lock file. Two lock files contradict each other.
    pub fn of(project: &Project, package: &Value, said: Option<&str>) -> Result<Manager, Refusal> {
        let declared = package.get("packageManager").and_then(Value::as_str).unwrap_or_default();
        let (declared, version) = declared.split_once('@').unwrap_or((declared, ""));
        let version = version.split('+').next().unwrap_or_default();
        let said = said.filter(|it| ["npm", "pnpm", "yarn"].contains(it));
        let bun = ["bun.lock", "bun.lockb"].into_iter().find(|it| project.has(it));
        if let Some(bun) = bun.filter(|_| said.is_none() && LOCKS.iter().all(|it| !project.has(it.0))) {
            return Err(Refusal(format!(
                "`{bun}` is of Bun, for which there is no Dockerfile here yet: name another tool with `--stack npm`, \
                 `pnpm` or `yarn`, or start from the image `oven/bun` on your own"
            )));
        }
        let locks: Vec<_> = LOCKS.iter().filter(|it| project.has(it.0)).collect();
        let name = match (said, declared, locks.as_slice()) {
            (Some(name), ..) => name,
            (None, "npm" | "pnpm" | "yarn", _) => declared,
            (None, _, [first, rest @ ..]) => match rest.iter().find(|it| it.1 != first.1) {
                Some(other) => return Err(contradiction(first.0, other.0)),
                None => first.1,
            },
            _ => "npm",
        };
        let version = if name == declared { version } else { "" };
        Ok(Manager::named(name, version, project))
    }

    fn named(name: &str, version: &str, project: &Project) -> Manager {
        match name {
            "pnpm" if version.is_empty() => Manager::Pnpm { version: pnpm_for(project).to_owned() },
            "pnpm" => Manager::Pnpm { version: version.to_owned() },
            "yarn" => {
                let is_old =
                    version.starts_with("1.") || project.text("yarn.lock").contains("yarn lockfile v1");
                let is_berry = project.has(".yarnrc.yml") || (!version.is_empty() && !is_old);
                let version = Some(version.to_owned()).filter(|it| !it.is_empty());
                if is_berry { Manager::YarnBerry { version } } else { Manager::Yarn }
            }
            _ => Manager::Npm,
        }
    }

    pub fn title(&self) -> &'static str {
        match self {
            Manager::Npm => "npm",
            Manager::Pnpm { .. } => "pnpm",
            Manager::Yarn | Manager::YarnBerry { .. } => "Yarn",
        }
    }

    /// The program.
    pub fn word(&self) -> &'static str {
        match self {
            Manager::Npm => "npm",
            Manager::Pnpm { .. } => "pnpm",
            Manager::Yarn | Manager::YarnBerry { .. } => "yarn",
        }
    }

    fn lock(&self, project: &Project) -> Option<&'static str> {
        LOCKS.iter().find(|(file, name)| *name == self.word() && project.has(file)).map(|it| it.0)
    }

    pub fn has_lock(&self, project: &Project) -> bool {
        self.lock(project).is_some()
    }

    /// What to tell about a project without a lock file.
    pub fn note(&self, project: &Project) -> Option<String> {
        let is_without = self.lock(project).is_none() && project.has("package.json");
        is_without.then(|| {
            format!(
                "there is no lock file, so every build may install other versions: run `{} install` once and keep \
                 the file that it writes",
                self.word()
            )
        })
    }

    /// How the program gets into the image; npm is there.
    pub fn setup(&self) -> Option<String> {
        match self {
            Manager::Npm => None,
            Manager::Pnpm { version } => Some(format!("RUN npm install --global pnpm@{version}")),
            // Some images of Node.js have Yarn, newer ones do not: `--force` is right for both.
            Manager::Yarn => Some("RUN npm install --global --force yarn@1".to_owned()),
            Manager::YarnBerry { version } => {
                let version = version.as_deref().unwrap_or("4");
                Some(format!(
                    "RUN npm install --global --force corepack \\\n    && corepack enable \\\n    && corepack install --global yarn@{version}"
                ))
            }
        }
    }

    /// Variables that the tool needs. Plug'n'Play would look for packages in Yarn's cache when the program runs, and a
    /// cache mount is not there then.
    pub fn settings(&self) -> Option<&'static str> {
        let is_berry = matches!(self, Manager::YarnBerry { .. });
        is_berry.then_some("ENV YARN_NODE_LINKER=node-modules YARN_GLOBAL_FOLDER=/root/.cache/yarn")
    }

    /// The files that say which packages are needed.
    pub fn manifests(&self, project: &Project) -> Vec<&'static str> {
        let own: &[&'static str] = match self {
            Manager::Pnpm { .. } => &["pnpm-workspace.yaml"],
            Manager::YarnBerry { .. } => &[".yarnrc.yml"],
            _ => &[],
        };
        let own = own.iter().copied().filter(|it| project.has(it));
        std::iter::once("package.json").chain(self.lock(project)).chain(own).collect()
    }

    /// Installs all packages, or only those that run.
    pub fn install(&self, project: &Project, with_tools: bool) -> String {
        let has_lock = self.has_lock(project);
        let pick = |yes: &'static str, no: &'static str, is_it: bool| if is_it { yes } else { no };
        let (folder, command) = match self {
            Manager::Npm => (
                "/root/.npm",
                format!("npm {}{}", pick("ci", "install", has_lock), pick("", " --omit=dev", with_tools)),
            ),
            Manager::Pnpm { .. } => (
                "/pnpm/store",
                format!(
                    "pnpm install{} --store-dir=/pnpm/store{}",
                    pick(" --frozen-lockfile", "", has_lock),
                    pick("", " --prod", with_tools)
                ),
            ),
            Manager::Yarn => (
                "/usr/local/share/.cache/yarn",
                format!(
                    "yarn install{}{}",
                    pick(" --frozen-lockfile", "", has_lock),
                    pick("", " --production", with_tools)
                ),
            ),
            Manager::YarnBerry { .. } if !with_tools => ("/root/.cache/yarn", self.prune().to_owned()),
            Manager::YarnBerry { .. } => {
                ("/root/.cache/yarn", pick("yarn install --immutable", "yarn install", has_lock).to_owned())
            }
        };
        run_cached(&[folder], &command)
    }

    /// Removes what only the build needed.
    pub fn prune(&self) -> &'static str {
        match self {
            Manager::Npm => "npm prune --omit=dev",
            Manager::Pnpm { .. } => "CI=true pnpm prune --prod",
            Manager::Yarn => "yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline",
            Manager::YarnBerry { .. } => "yarn workspaces focus --all --production",
        }
    }
}

/// The newest pnpm that takes the lock file as it is.
fn pnpm_for(project: &Project) -> &'static str {
    let lock = project.text("pnpm-lock.yaml");
    let line = lock.lines().find_map(|it| it.strip_prefix("lockfileVersion:")).unwrap_or_default();
    match line.trim().trim_matches(['\'', '"']).split('.').next() {
        Some("5") => "7",
        Some("6") => "8",
        _ => "10",
    }
}

fn contradiction(first: &str, second: &str) -> Refusal {
    Refusal(format!(
        "`{first}` and `{second}` are of different tools: remove the one that is not used, or name the tool with \
         `--stack npm`, `pnpm` or `yarn`"
    ))
}
