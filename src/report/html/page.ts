import type { PageAssets } from './assets.ts';
import type { PageData } from './data/page-data.ts';
import { type Content, html, jsonForScript, Markup } from './markup.ts';
import { PAGE_STYLE } from './style.ts';

/** The parts of a page. */
export interface PageInput {
  /** What tabs and bookmarks call it. */
  readonly name: string;
  readonly title: string;
  /** Shown next to the title. */
  readonly subtitle: string;
  /** One line below the title. */
  readonly about?: string;
  /** Links to the sections. */
  readonly nav?: Markup;
  /** Other contents of the bar that stays in sight. */
  readonly tools?: Content;
  readonly sections: readonly (Markup | undefined)[];
  readonly footer: string;
  readonly data: PageData;
  readonly assets: PageAssets;
  /** For a live page: allows it to follow and stop its run. */
  readonly token?: string;
}

/** Where the contents of a page begin. */
const MAIN = '<main id="main" tabindex="-1">';

/** A self-contained page. Its policy lets the browser load nothing, whatever its texts say. */
export function renderPage(input: PageInput): string {
  const { title, subtitle, about, assets, data, token } = input;
  const connect = token === undefined ? '' : " connect-src 'self';";
  const policy = `default-src 'none'; script-src 'sha256-${assets.scriptHash}'; style-src 'unsafe-inline'; img-src data:;${connect} base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en"${token === undefined ? undefined : html` data-token="${token}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>${input.name} – fleetstorm</title>
<style>${new Markup(assets.libraryStyle)}${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the contents</a>
<header><h1>${title}</h1><span class="target">${subtitle}</span>${about === undefined ? undefined : html`<p class="about">${about}</p>`}</header>
<div class="tools" role="region" aria-label="Page tools">${input.nav}${input.tools}<button type="button" id="reset-zoom" hidden>Whole run</button><button type="button" id="theme">Light / dark</button></div>
${new Markup(MAIN)}
${input.sections.filter((section) => section !== undefined)}
</main>
<footer>${input.footer}</footer>
<script type="application/json" id="page-data">${jsonForScript(data)}</script>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

/** A page with something put before its contents; texts before that place are escaped, so it is found where it was written. */
export function withNotice(page: string, notice: Markup): string {
  const at = page.indexOf(MAIN);
  return at < 0 ? page : page.slice(0, at + MAIN.length) + notice.text + page.slice(at + MAIN.length);
}

/** Links to the sections of a page. */
export function navigation(sections: readonly (Markup | undefined)[]): Markup {
  const links = sections.flatMap((section) => {
    const [, id, title] = /^<section id="([\w-]+)"><h2>([^<]*)<\/h2>/.exec(section?.text ?? '') ?? [];
    return id === undefined || title === undefined ? [] : [html`<a href="#${id}">${new Markup(title)}</a>`];
  });
  return html`<nav aria-label="Sections">${links}</nav>`;
}
