/**
 * The look of a page. Colours are custom properties with a light and a dark value, chosen to be distinguishable with colour vision
 * deficiencies too (after Okabe and Ito, made darker or lighter where contrast requires it or where two would look alike); paper is always
 * light.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #14181d);
  --inset: light-dark(#f5f6f8, #1c2127);
  --text: light-dark(#1b2128, #e4e8ec);
  --muted: light-dark(#5a6572, #9aa5b1);
  --grid: light-dark(#e3e7eb, #2a323c);
  --edge: light-dark(#8a94a0, #68727d);
  --shade: light-dark(rgb(20 30 45 / 0.22), rgb(0 0 0 / 0.7));
  --accent: light-dark(#0b62a8, #5aa9e6);
  --good: light-dark(#00654a, #3ccf9f);
  --good-back: light-dark(#e2f4ed, #10302a);
  --bad: light-dark(#a83200, #ff8a5c);
  --bad-back: light-dark(#fdeae1, #3a1c10);
  --fair: light-dark(#7a5200, #f2c14b);
  --fair-back: light-dark(#fdf3dc, #33290f);
  --marker: light-dark(#a8508c, #e79fce);
  --series-0: light-dark(#0b62a8, #5aa9e6);
  --series-1: light-dark(#d97b00, #f2a93b);
  --series-2: light-dark(#008a63, #2fc49a);
  --series-3: light-dark(#7a2f7f, #e79fce);
  --series-4: light-dark(#c43d00, #f0603a);
  --series-5: light-dark(#3898d2, #8fd0f5);
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
header, main, footer, .tools { max-width: 2240px; margin: 0 auto; padding: 0 28px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 14px; padding-top: 22px; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; font-weight: 650; overflow-wrap: anywhere; min-width: 0; }
header .target { color: var(--muted); overflow-wrap: anywhere; min-width: 0; }
.about { flex-basis: 100%; max-width: none; margin: 0; color: var(--muted); font-size: 13px; font-variant-numeric: tabular-nums; }
.tools { position: sticky; top: 0; z-index: 20; padding-top: 8px; padding-bottom: 8px; display: flex; gap: 8px; align-items: center; background: var(--page); border-bottom: 1px solid var(--grid); }
.tools nav { display: flex; flex-wrap: wrap; gap: 2px 16px; margin-right: auto; font-size: 13px; min-width: 0; }
.skip { position: absolute; left: -999px; top: 0; z-index: 30; padding: 8px 14px; background: var(--page); }
.skip:focus { left: 8px; }
main:focus { outline: none; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
button {
  font: inherit; font-size: 13px; padding: 3px 12px; border-radius: 6px; cursor: pointer; white-space: nowrap;
  border: 1px solid var(--edge); background: var(--page); color: var(--text);
}
button:hover { border-color: var(--accent); }
button:disabled { opacity: 0.5; cursor: default; }
button.danger { border-color: var(--bad); color: var(--bad); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
section { padding: 20px 0 26px; scroll-margin-top: 48px; }
section + section, #live-report > section { border-top: 1px solid var(--grid); }
h2 { margin: 0 0 12px; font-size: 19px; font-weight: 650; }
h3 { margin: 18px 0 6px; font-size: 14px; font-weight: 650; overflow-wrap: anywhere; }
h3 small { color: var(--muted); font-weight: 400; }
.beside > h3:first-child, .beside > :first-child > h3:first-child { margin-top: 0; }
article + article { margin-top: 22px; padding-top: 14px; border-top: 1px solid var(--grid); }
article h3 { margin-top: 0; font-size: 15px; }
p { margin: 6px 0; max-width: 100ch; }
.tag { display: inline-block; min-width: 20px; padding: 0 5px; border: 1px solid var(--muted); border-radius: 3px; text-align: center; font-size: 12px; line-height: 17px; font-weight: 600; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.tag.storm { border-color: var(--marker); background: var(--marker); color: var(--page); }
.happenings { list-style: none; margin: 0; padding: 0; font-size: 13.5px; overflow-wrap: anywhere; }
.happenings li { display: grid; grid-template-columns: 30px minmax(52px, max-content) minmax(0, 1fr); gap: 0 8px; padding: 2px 0; }
.happenings .tag { justify-self: start; align-self: start; margin-top: 1px; }
.when { color: var(--muted); font-variant-numeric: tabular-nums; }
.banner { padding: 10px 16px 11px; border-left: 4px solid; overflow-wrap: anywhere; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.banner.good { background: var(--good-back); border-color: var(--good); }
.banner.fair { background: var(--fair-back); border-color: var(--fair); }
.banner.bad { background: var(--bad-back); border-color: var(--bad); }
.banner .outcome { margin: 0; font-size: 20px; line-height: 1.3; font-weight: 650; }
.banner.good .outcome, .state.good { color: var(--good); }
.banner.fair .outcome { color: var(--fair); }
.banner.bad .outcome, .state.bad { color: var(--bad); }
.banner small { font-size: 13px; font-weight: 400; color: var(--muted); margin-left: 6px; white-space: nowrap; }
.banner p { margin: 4px 0 0; max-width: none; }
.banner ul { margin: 4px 0 0; padding-left: 20px; }
.state { font-weight: 600; }
td .state, .nowrap { white-space: nowrap; }
.notice { margin: 16px 0 0; padding: 10px 16px; background: var(--inset); font-size: 14px; overflow-wrap: anywhere; }
.notice button { margin-left: 8px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(138px, 1fr)); gap: 14px 24px; margin: 16px 0 18px; }
.tiles div { min-width: 0; }
.tiles dt, .facts dt { font-size: 12.5px; color: var(--muted); }
.tiles dd { margin: 0; font-size: 25px; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.25; overflow-wrap: anywhere; }
.tiles small { display: block; font-size: 12.5px; font-weight: 400; color: var(--muted); }
.beside .tiles { margin-top: 0; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(150px, 45%), 1fr)); gap: 8px 22px; margin: 8px 0; }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.split > div { min-width: 0; }
.split > .beside { margin-top: 22px; }
.split > div > :first-child { margin-top: 0; }
.scroll {
  overflow: auto; margin-top: 18px; max-width: 100%;
  /* Shadows at the edges where there is more, covered by the page's colour where there is not. */
  background:
    linear-gradient(to right, var(--page) 40%, transparent) left / 36px 100% no-repeat local,
    linear-gradient(to left, var(--page) 40%, transparent) right / 36px 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 12px 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / 12px 100% no-repeat scroll;
}
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; min-width: min(100%, 640px); }
.split table { width: 100%; }
.beside:empty { display: none; }
caption { text-align: left; font-size: 14px; font-weight: 650; padding: 0 0 4px; }
th { text-align: left; font-weight: 500; color: var(--muted); border-bottom: 1px solid var(--edge); padding: 4px 16px 4px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--grid); padding: 4px 16px 4px 0; vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
td .words { display: block; min-width: 24ch; }
code, pre { font-family: ui-monospace, 'SF Mono', Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.92em; }
th.number { white-space: normal; }
td { overflow-wrap: break-word; min-width: 3.5em; }
td code { overflow-wrap: break-word; }
pre { margin: 10px 0 0; padding: 12px 14px; overflow: auto; max-height: 70vh; background: var(--inset); line-height: 1.45; font-size: 13px; }
pre.command { white-space: pre-wrap; }
.details { margin: 2px 0 2px; padding-left: 18px; color: var(--muted); font-size: 12.5px; overflow-wrap: anywhere; }
.warnings { margin: 0; padding-left: 20px; font-size: 13.5px; overflow-wrap: anywhere; }
.bar { display: block; min-width: 70px; width: 100%; height: 8px; margin-top: 6px; background: var(--grid); overflow: hidden; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar i { display: block; height: 100%; background: var(--series-7); }
.bar.good i { background: var(--series-0); }
.bar.bad i { background: var(--series-4); }
figure { position: relative; margin: 22px 0 0; break-inside: avoid; }
figcaption { font-size: 14px; font-weight: 650; padding-right: 56px; }
.plot:empty { min-height: 240px; }
.plot { min-width: 0; overflow: hidden; }
.note { color: var(--muted); font-size: 12.5px; margin: 2px 0 0; }
summary { cursor: pointer; width: max-content; max-width: 100%; }
.values { font-size: 12.5px; }
.values summary { position: absolute; top: 1px; right: 0; color: var(--muted); }
.values .scroll { max-height: 300px; margin-top: 6px; }
.values table { color: var(--text); min-width: 0; }
.values caption { font-weight: 500; font-size: 12.5px; }
.values td, .values th { text-align: right; }
.fold > summary, .more > summary { color: var(--accent); font-size: 13.5px; }
.phases { display: flex; height: 24px; gap: 2px; overflow: hidden; margin-top: 6px; }
.phases i, .key i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.phases i { flex-basis: 0; min-width: 2px; }
.key { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 6px 0 0; padding: 0; font-size: 13px; font-variant-numeric: tabular-nums; }
.key i { display: inline-block; width: 11px; height: 11px; margin-right: 6px; }
.phase-auth { background: var(--series-3); }
.phase-dns { background: var(--series-6); }
.phase-tcp { background: var(--series-0); }
.phase-tls { background: var(--series-2); }
.phase-mqtt { background: var(--series-1); }
.legend { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; margin: 2px 0 0 58px; font-size: 12.5px; font-variant-numeric: tabular-nums; }
.legend ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 14px; margin: 0; padding: 0; min-width: 0; }
.legend li { display: flex; align-items: baseline; min-width: 0; }
.legend .entry { display: inline-flex; align-items: center; gap: 6px; padding: 1px 2px; border: 0; background: none; color: var(--muted); font-size: inherit; text-align: left; white-space: normal; overflow-wrap: anywhere; }
.legend .entry svg { flex: none; }
.legend button.entry:hover { color: var(--text); }
.legend button[aria-pressed='false'] { opacity: 0.55; text-decoration: line-through; }
.legend .value { min-width: 5ch; padding-left: 5px; color: var(--text); white-space: nowrap; }
.legend .at { color: var(--muted); white-space: nowrap; text-align: right; }
.heat-key { display: flex; flex-wrap: wrap; align-items: center; gap: 2px; margin: 2px 0 0 58px; font-size: 12.5px; color: var(--muted); }
.heat-key i { width: 22px; height: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.heat-key span:first-child { margin-right: 4px; }
.heat-key span { margin-left: 4px; }
.heat-key output { margin-left: 18px; color: var(--text); font-variant-numeric: tabular-nums; }
.uplot { font-family: inherit; }
td.number .bar { margin-left: auto; max-width: 110px; height: 5px; min-width: 48px; margin-top: 3px; }
.u-select { background: light-dark(rgb(11 98 168 / 0.14), rgb(90 169 230 / 0.2)); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.live { display: inline-flex; align-items: center; gap: 8px; }
#connection { color: var(--bad); font-size: 13px; }
dialog { border: 1px solid var(--edge); border-radius: 8px; background: var(--page); color: var(--text); max-width: 420px; padding: 20px; }
dialog h3 { margin-top: 0; }
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog form { display: flex; gap: 10px; justify-content: flex-end; margin-top: 16px; }
footer { color: var(--muted); font-size: 12.5px; padding-top: 4px; padding-bottom: 30px; }
@media screen and (min-width: 1100px) {
  .split { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 44px; align-items: start; }
  .split > .beside { margin-top: 0; }
}
@media screen and (min-width: 1900px) {
  .split { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
  .beside { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 22px 44px; align-items: start; }
  .beside > *, .beside > * > h3:first-child { margin-top: 0; }
  article .beside, .beside > p { display: block; }
}
@media (max-width: 640px) {
  header, main, footer, .tools { padding-left: 14px; padding-right: 14px; }
  .legend, .heat-key { margin-left: 0; }
  .legend { flex-wrap: wrap; gap: 0 12px; }
  .tools nav { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; padding: 2px 0; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px 16px; }
  .tiles dd { font-size: 22px; }
}
@media print {
  :root { color-scheme: light; }
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  section { padding: 10px 0 14px; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(92px, 1fr)); gap: 8px 14px; }
  .tiles dd { font-size: 17px; }
  .tools, .values, .skip, .notice button, .legend .value, .legend .at, dialog { display: none; }
  .fold > summary, .more > summary { list-style: none; color: var(--muted); }
  pre { white-space: pre-wrap; max-height: none; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 8.5pt; }
  th, td { padding-right: 8px; }
  h2, h3, caption, figcaption { break-after: avoid; }
  tr, .tiles, .facts div, .happenings li { break-inside: avoid; }
}
:root.paper .plot { max-width: 660px; }
`;
