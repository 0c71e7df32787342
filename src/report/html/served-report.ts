import { html } from './markup.ts';
import { withNotice } from './page.ts';

/**
 * A report as the server of its run hands it out at the end: it names the file that stays, because the address of the page ends with the
 * run. `path`: where the file lies on this machine.
 */
export function servedReport(report: string, path: string): string {
  return withNotice(
    report,
    html`<aside class="notice" aria-label="Where this report is kept">The run has ended, and so has the server of this page: loading it again will fail. The report is the file <code>${path}</code><button type="button" aria-live="polite" data-copy="${path}">Copy path</button></aside>`,
  );
}

/** What the server hands out if there is no report. */
export function withoutReport(folder: string): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Run ended without a report – fleetstorm</title></head>
<body><main><h1>The run has ended</h1><p>Its report could not be written. What was written is in <code>${folder}</code>.</p></main></body></html>
`;
  return page.text;
}
