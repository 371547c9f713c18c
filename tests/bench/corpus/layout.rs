//! How sites set articles into pages: the layouts of `seeds/`, and one with menus.

use super::article::Article;
use super::plan::Plan;
use super::random::{Purpose, Random};
use std::ops::Range;

/// How many sites there are. The first have the most pages.
const SITES: usize = 60;

/// What all pages of a site have in common.
pub struct Site {
    style: Style,
    name: String,
    menu: Vec<&'static str>,
    crlf: bool,
    /// The second statement of a caption begins with a space.
    indented: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// An endless scroll of cards: headline and caption stated twice, and again.
    Scroll,
    /// One article with a date line above and a form for comments below.
    Dated,
    /// A blog: author and date in a list, lines without gaps, the beginnings of other posts below.
    Blog,
    /// A menu above and a footer below.
    Framed,
    /// Headline and text.
    Plain,
    /// Nothing but the text.
    Bare,
}

/// Of how many sites in ten each style is.
const STYLES: [Style; 10] = {
    use Style::*;
    [Scroll, Scroll, Scroll, Scroll, Scroll, Dated, Dated, Blog, Framed, Plain]
};

/// A page being set.
pub struct Setting<'s> {
    site: &'s Site,
    random: Random,
    text: String,
}

impl Site {
    /// All sites of a corpus.
    pub fn all(plan: &Plan) -> Vec<Site> {
        (0..SITES).map(|number| Site::new(plan, number)).collect()
    }

    /// A site that shows nothing but one article.
    pub fn bare() -> Site {
        Site { style: Style::Bare, name: String::new(), menu: Vec::new(), crlf: false, indented: false }
    }

    fn new(plan: &Plan, number: usize) -> Site {
        let mut random = plan.random(Purpose::Site, number as u64);
        let mut menu = plan.grammar().all("menu");
        for at in 1..menu.len() {
            menu.swap(at, random.between(1, at));
        }
        menu.truncate(random.between(5, 12));
        Site {
            style: STYLES[number % STYLES.len()],
            name: plan.grammar().phrase("site", &mut random),
            menu,
            crlf: random.chance(150),
            indented: random.chance(200),
        }
    }

    /// How many articles a page holds at most.
    pub fn capacity(&self, random: &mut Random) -> usize {
        if self.style == Style::Scroll { *random.pick(&[1, 1, 1, 2, 2, 2, 2, 2, 3, 3]) } else { 1 }
    }

    /// How many other articles a page shows the beginning of.
    pub fn teasers(&self) -> usize {
        if self.style == Style::Blog { 3 } else { 0 }
    }
}

/// A site, the first ones more often.
pub fn pick<'s>(sites: &'s [Site], random: &mut Random) -> &'s Site {
    &sites[random.below(sites.len()).min(random.below(sites.len()))]
}

impl Setting<'_> {
    pub fn new(site: &Site, random: Random) -> Setting<'_> {
        Setting { site, random, text: String::with_capacity(1 << 13) }
    }

    /// Sets an article; the bytes of its body.
    pub fn article(&mut self, plan: &Plan, article: &Article) -> Range<usize> {
        let first = self.text.is_empty();
        match self.site.style {
            Style::Scroll => self.card(article, first),
            Style::Dated => self.date_line(plan, article),
            Style::Blog => self.post(plan, article),
            Style::Framed => self.frame(plan, article),
            Style::Plain => self.lines(&[&article.headline, ""]),
            Style::Bare => {}
        }
        let gap = if self.site.style == Style::Blog { "\n" } else { "\n\n" };
        self.body(&article.paragraphs, gap)
    }

    /// Sets paragraphs; their bytes.
    fn body(&mut self, paragraphs: &[String], gap: &str) -> Range<usize> {
        let start = self.text.len();
        for (at, paragraph) in paragraphs.iter().enumerate() {
            self.push(if at == 0 { "" } else { gap });
            self.push(paragraph);
        }
        start..self.text.len()
    }

    /// What the page shows below its articles; the finished page.
    pub fn finish(mut self, plan: &Plan, teasers: &[String]) -> String {
        match self.site.style {
            Style::Scroll | Style::Plain | Style::Bare => {}
            Style::Dated => {
                let (a, b) = (self.random.between(1, 9), self.random.between(1, 9));
                self.push(&format!("\n\n\nLeave a Comment\n\n{a} + {b} ="));
            }
            Style::Blog => self.push(&format!("\nRecent Posts\nSee All{}\nComments", teasers.join("\n"))),
            Style::Framed => {
                let share = plan.grammar().all("share");
                self.push(&format!("\n\n{}\n\n", share.join("\n")));
                let (site, menu) = (&self.site.name, self.site.menu.join(" | "));
                self.push(&format!("{menu}\n© 2031 {site}. All rights reserved.\n"));
            }
        }
        self.text
    }

    fn card(&mut self, article: &Article, first: bool) {
        self.push(if first { "" } else { "\n\n\n\n" });
        let again = format!("{}{}", if self.site.indented { " " } else { "" }, article.caption);
        let (headline, caption) = (article.headline.as_str(), article.caption.as_str());
        self.lines(&[headline, "", caption, &again, "TT", "", headline, "", caption, &again, ""]);
    }

    fn date_line(&mut self, plan: &Plan, article: &Article) {
        let date = plan.grammar().phrase("month", &mut self.random);
        let (day, hour, minute) = (self.random.between(1, 28), self.random.between(6, 23), self.random.between(0, 59));
        self.lines(&[&article.headline, "", &format!("{date} {day}, 2031 - {hour:02}:{minute:02}"), ""]);
    }

    fn post(&mut self, plan: &Plan, article: &Article) {
        let date = format!("- {} {}, 2031", plan.grammar().phrase("mon", &mut self.random), self.random.between(1, 28));
        let time = format!("- {} min read", article.words().div_ceil(220));
        self.lines(&[&article.headline, &format!("- {}", article.author), &date, &time]);
    }

    fn frame(&mut self, plan: &Plan, article: &Article) {
        let site = self.site;
        self.lines(&[&site.name]);
        self.lines(&site.menu);
        let date = format!("{} {}, 2031", plan.grammar().phrase("month", &mut self.random), self.random.between(1, 28));
        self.lines(&["", &article.headline, &format!("By {}", article.author), &date, ""]);
        self.lines(&[&article.caption, &article.caption, ""]);
    }

    fn lines(&mut self, lines: &[&str]) {
        for line in lines {
            self.push(line);
            self.push("\n");
        }
    }

    /// Appends text with the line ends of the site.
    fn push(&mut self, text: &str) {
        if self.site.crlf {
            for (at, line) in text.split('\n').enumerate() {
                self.text.push_str(if at == 0 { "" } else { "\r\n" });
                self.text.push_str(line);
            }
        } else {
            self.text.push_str(text);
        }
    }
}
