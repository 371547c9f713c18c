//! What a page did that a report must never do: everything that it said, asked for or opened.

use serde_json::Value;

/// Run before anything of a page: what is forbidden to it, and what it ran, is said on its console.
pub const EARS: &str = r#"
    addEventListener("securitypolicyviolation", event =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    window.ran = what => console.error(`ran: ${what}`);
"#;

/// What was heard of the pages of a browser.
#[derive(Debug, Default)]
pub struct Heard {
    /// The address of the page that may be asked for.
    pub own: String,
    /// Everything else, in words.
    pub said: Vec<String>,
}

impl Heard {
    /// Notes an event, if it is one that should not be.
    pub fn hear(&mut self, event: &Value) {
        let params = &event["params"];
        let text = match event["method"].as_str().unwrap_or_default() {
            "Runtime.consoleAPICalled" => format!("console: {}", arguments(&params["args"])),
            "Runtime.exceptionThrown" => format!("exception: {}", exception(&params["exceptionDetails"])),
            "Log.entryAdded" => format!("log: {} {}", params["entry"]["text"], params["entry"]["url"]),
            "Page.javascriptDialogOpening" => format!("dialog: {}", params["message"]),
            "Page.windowOpen" => format!("window: {}", params["url"]),
            "Page.downloadWillBegin" => format!("download: {}", params["url"]),
            "Page.frameNavigated" => return self.address("frame", &params["frame"]["url"]),
            "Network.requestWillBeSent" => return self.address("request", &params["request"]["url"]),
            "Network.webSocketCreated" => format!("socket: {}", params["url"]),
            "Inspector.targetCrashed" => "the page crashed".into(),
            _ => return,
        };
        self.said.push(text);
    }

    /// Notes an address, if it is not the page's own.
    fn address(&mut self, what: &str, url: &Value) {
        let url = url.as_str().unwrap_or_default();
        let file = url.split('#').next().unwrap_or_default();
        if file != self.own && url != "about:blank" {
            self.said.push(format!("{what}: {url}"));
        }
    }
}

/// What went wrong in a script.
pub fn exception(details: &Value) -> String {
    let description = details["exception"]["description"].as_str().map(str::to_owned);
    description.unwrap_or_else(|| format!("{} {}", details["text"], details["exception"]["value"]))
}

/// What was written on a console.
fn arguments(arguments: &Value) -> String {
    let arguments = arguments.as_array().into_iter().flatten();
    let texts = arguments.map(|argument| match (argument["value"].as_str(), argument["description"].as_str()) {
        (Some(text), _) | (None, Some(text)) => text.to_owned(),
        _ => argument["value"].to_string(),
    });
    texts.collect::<Vec<_>>().join(" ")
}
