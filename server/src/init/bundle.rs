//! A web site that nginx serves, as a user without rights.

use super::images;
use super::recipe::Recipe;

/// nginx listens here: a user without rights may not take port 80 everywhere.
const PORT: u16 = 8080;

/// The last stage: nginx with the files of `folder`, out of the stage `from` or the project.
///
/// In an application of one page every path that is no file is the page.
pub fn serve(recipe: &mut Recipe, from: Option<&str>, folder: &str, is_one_page: bool) {
    let start = match from {
        Some(_) => {
            "The image that is shipped starts anew, from a web server: nothing of the tools gets into it."
        }
        None => "A small web server; nothing has to be built.",
    };
    recipe.step(start, format!("FROM {}", images::nginx()));
    let otherwise = if is_one_page { "/index.html" } else { "=404" };
    let settings = format!(
        "COPY <<'EOF' /etc/nginx/conf.d/default.conf\nserver {{\n    listen {PORT};\n    root /usr/share/nginx/html;\n    location / {{\n        try_files $uri $uri/ {otherwise};\n    }}\n}}\nEOF"
    );
    recipe
        .step("The settings of the server: its port, and what to do with paths that are no files.", settings);
    recipe.step(
        "The server writes only here; so it need not be root.",
        "RUN touch /run/nginx.pid && chown -R nginx:nginx /run/nginx.pid /var/cache/nginx",
    );
    let source = from.map(|it| format!("--from={it} ")).unwrap_or_default();
    recipe.step("The files of the site.", format!("COPY {source}{folder} /usr/share/nginx/html"));
    recipe.user("nginx");
    recipe.expose(Some(PORT));
    recipe.command(&["nginx", "-g", "daemon off;"]);
}
