/**
 * The look of a page. Colours are custom properties with a light and a dark value, chosen to be distinguishable with colour vision
 * deficiencies too (after Okabe and Ito, made darker or lighter where contrast requires it or where two would look alike); paper is always
 * light.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f4f5f7, #0f1318);
  --card: light-dark(#ffffff, #171c23);
  --text: light-dark(#1b2128, #e4e8ec);
  --muted: light-dark(#5a6572, #9aa5b1);
  --grid: light-dark(#e3e7eb, #2a323c);
  --accent: light-dark(#0b62a8, #5aa9e6);
  --good: light-dark(#00654a, #3ccf9f);
  --good-back: light-dark(#e2f4ed, #10302a);
  --bad: light-dark(#a83200, #ff8a5c);
  --bad-back: light-dark(#fdeae1, #3a1c10);
  --marker: light-dark(#a8508c, #e79fce);
  --series-0: light-dark(#0b62a8, #5aa9e6);
  --series-1: light-dark(#d97b00, #f2a93b);
  --series-2: light-dark(#008a63, #2fc49a);
  --series-3: light-dark(#7a2f7f, #e79fce);
  --series-4: light-dark(#c43d00, #f0603a);
  --series-5: light-dark(#3f9fd8, #8fd0f5);
  --series-6: light-dark(#4f4200, #f5f08a);
  --series-7: light-dark(#6b7280, #828c97);
  --heat-0: light-dark(#dbe8f4, #1d3348);
  --heat-1: light-dark(#abc9e4, #235078);
  --heat-2: light-dark(#71a4d0, #2f74ab);
  --heat-3: light-dark(#3b7cb7, #539ed8);
  --heat-4: light-dark(#1b538e, #90caf3);
  --heat-5: light-dark(#0a2c58, #e2f3ff);
}
:root[data-theme='light'], :root.paper { color-scheme: light; }
:root[data-theme='dark']:not(.paper) { color-scheme: dark; }
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--page);
  color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 20px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; padding-top: 26px; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; overflow-wrap: anywhere; }
header .target { color: var(--muted); overflow-wrap: anywhere; }
.tools { position: sticky; top: 0; z-index: 20; max-width: 1120px; margin: 0 auto; padding: 8px 20px; display: flex; gap: 8px; align-items: center; background: var(--page); }
.tools nav { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-right: auto; font-size: 13px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
button {
  font: inherit; font-size: 13px; padding: 4px 12px; border-radius: 6px; cursor: pointer; white-space: nowrap;
  border: 1px solid var(--grid); background: var(--card); color: var(--text);
}
button:hover { border-color: var(--accent); }
button:disabled { opacity: 0.5; cursor: default; }
button.danger { border-color: var(--bad); color: var(--bad); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
section { margin: 18px 0; padding: 18px 20px 20px; background: var(--card); border: 1px solid var(--grid); border-radius: 10px; scroll-margin-top: 56px; }
h2 { margin: 0 0 12px; font-size: 18px; }
h3 { margin: 20px 0 8px; font-size: 15px; overflow-wrap: anywhere; }
h3 small { color: var(--muted); font-weight: 400; }
article + article { margin-top: 26px; padding-top: 8px; border-top: 1px solid var(--grid); }
article h3 { margin-top: 8px; }
p { margin: 6px 0; }
.number-tag { display: inline-block; min-width: 20px; padding: 0 5px; border-radius: 4px; background: var(--marker); color: var(--card); text-align: center; font-size: 12.5px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.banner { padding: 12px 16px; border-radius: 8px; border-left: 5px solid; overflow-wrap: anywhere; }
.banner.good { background: var(--good-back); border-color: var(--good); }
.banner.bad { background: var(--bad-back); border-color: var(--bad); }
.banner .outcome { margin: 0; font-size: 20px; font-weight: 650; }
.banner.good .outcome, .state.good { color: var(--good); }
.banner.bad .outcome, .state.bad { color: var(--bad); }
.banner small { font-size: 13px; font-weight: 400; color: var(--muted); margin-left: 6px; }
.banner ul { margin: 6px 0 0; padding-left: 20px; }
.state { font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 10px; margin: 14px 0; }
.tiles div { padding: 10px 14px; border: 1px solid var(--grid); border-radius: 8px; }
.tiles dt, .facts dt { font-size: 12.5px; color: var(--muted); }
.tiles dd { margin: 0; font-size: 24px; font-weight: 620; font-variant-numeric: tabular-nums; line-height: 1.25; }
.tiles small { display: block; font-size: 12.5px; font-weight: 400; color: var(--muted); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 10px 22px; margin: 8px 0; }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin-top: 16px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 4px 0; }
th { text-align: left; font-weight: 500; color: var(--muted); border-bottom: 1px solid var(--grid); padding: 5px 14px 5px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--grid); padding: 5px 14px 5px 0; vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
code, pre { font-family: ui-monospace, 'SF Mono', Consolas, 'DejaVu Sans Mono', monospace; font-size: 12.5px; }
td code { white-space: nowrap; }
pre { margin: 10px 0 0; padding: 12px 14px; overflow-x: auto; background: var(--page); border-radius: 8px; line-height: 1.45; }
.details { margin: 2px 0 2px; padding-left: 18px; color: var(--muted); font-size: 12.5px; overflow-wrap: anywhere; }
.warnings { margin: 0; padding-left: 20px; overflow-wrap: anywhere; }
.bar { display: block; min-width: 70px; width: 100%; height: 10px; margin-top: 6px; border-radius: 3px; background: var(--grid); overflow: hidden; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar i { display: block; height: 100%; background: var(--series-7); }
.bar.good i { background: var(--series-0); }
.bar.bad i { background: var(--series-4); }
figure { margin: 22px 0 0; break-inside: avoid; }
h2 + figure { margin-top: 4px; }
figcaption { font-weight: 600; margin-bottom: 4px; }
figure:has(> .plot:empty) { display: none; }
.plot { min-width: 0; overflow: hidden; }
.note { color: var(--muted); font-size: 12.5px; margin: 4px 0; }
.values { font-size: 12.5px; color: var(--muted); }
.values summary { cursor: pointer; width: max-content; }
.values table { display: block; max-height: 300px; overflow: auto; color: var(--text); width: max-content; max-width: 100%; }
.values td, .values th { text-align: right; }
.phases { display: flex; height: 26px; gap: 2px; border-radius: 5px; overflow: hidden; }
.phases i, .key i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.phases i { flex-basis: 0; min-width: 2px; }
.key { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 6px 0 0; padding: 0; font-size: 13px; }
.key i { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 6px; }
.phase-auth { background: var(--series-3); }
.phase-dns { background: var(--series-6); }
.phase-tcp { background: var(--series-0); }
.phase-tls { background: var(--series-2); }
.phase-mqtt { background: var(--series-1); }
.heat-key { display: flex; align-items: center; gap: 2px; margin: 4px 0 0 62px; font-size: 12.5px; color: var(--muted); }
.heat-key i { width: 22px; height: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.heat-key span:first-child { margin-right: 4px; }
.heat-key span { margin-left: 4px; }
.heat-key output { margin-left: 18px; color: var(--text); font-variant-numeric: tabular-nums; }
.uplot { font-family: inherit; }
.uplot .u-legend { font-size: 12.5px; text-align: left; margin: 2px 0 0 58px; font-variant-numeric: tabular-nums; }
.uplot .u-legend .u-series > * { padding: 2px 3px; border: 0; }
.uplot .u-legend tr { width: auto; }
.uplot .u-legend .u-value { min-width: 52px; color: var(--text); }
.uplot .u-legend.u-inline .u-series th::after { content: none; }
.uplot .u-legend .u-series:first-child:has(> .u-value:empty) { visibility: hidden; }
td.number .bar { margin-left: auto; max-width: 110px; height: 6px; min-width: 48px; margin-top: 3px; }
.uplot .u-legend th { color: var(--muted); font-weight: 500; border: 0; }
.uplot.stack .u-series th { pointer-events: none; }
.u-select { background: light-dark(rgb(11 98 168 / 0.14), rgb(90 169 230 / 0.2)); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.live { display: inline-flex; align-items: center; gap: 8px; }
#connection { color: var(--bad); font-size: 13px; }
dialog { border: 1px solid var(--grid); border-radius: 10px; background: var(--card); color: var(--text); max-width: 420px; padding: 20px; }
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog form { display: flex; gap: 10px; justify-content: flex-end; margin-top: 16px; }
footer { color: var(--muted); font-size: 12.5px; padding-top: 4px; padding-bottom: 30px; }
@media (max-width: 560px) {
  header, main, footer, .tools { padding-left: 10px; padding-right: 10px; }
  section { padding: 14px 12px; }
  .uplot .u-legend, .heat-key { margin-left: 0; }
  .tools nav { display: none; }
  .tools { justify-content: flex-end; }
}
@media print {
  :root { color-scheme: light; --page: #ffffff; }
  @page { margin: 14mm; }
  body { font-size: 11pt; }
  header, main, footer { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 14px 0 0; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(88px, 1fr)); gap: 6px; }
  .tiles div { padding: 8px; }
  .tiles dd { font-size: 18px; }
  .tools, .values, .u-legend .u-value, .u-legend .u-series:first-child, dialog { display: none; }
  .banner { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  pre { white-space: pre-wrap; border: 1px solid var(--grid); }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding-right: 8px; }
  h2, h3, caption, figcaption { break-after: avoid; }
  tr, .tiles, .facts div { break-inside: avoid; }
}
:root.paper .plot { max-width: 660px; }
`;
