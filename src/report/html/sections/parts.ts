import type { Chart, Marker } from '../data/page-data.ts';
import { type Content, html, type Markup } from '../markup.ts';

/** Input shared by the sections of a page. */
export interface PageParts {
  readonly charts: readonly Chart[];
  /** What happened, as the charts mark it. */
  readonly markers: readonly Marker[];
  /** Intervals per point in the charts over time. */
  readonly bucketSec: number;
  readonly scenarioYaml: string | undefined;
  /** True while the run is under way, when anything may still happen. */
  readonly isLive?: boolean;
}

type Contents = readonly (Markup | undefined)[];

/** A section with its heading; nothing if it has no content. */
export function section(id: string, title: string, contents: Contents): Markup | undefined {
  const shown = contents.filter((content) => content !== undefined);
  return shown.length === 0 ? undefined : html`<section id="${id}"><h2>${title}</h2>${shown}</section>`;
}

/**
 * A section that has two columns where there is room. `overTime`: charts over the run's time; these have the same place and width in all
 * sections, so that an instant is on one vertical line. `figures`: what belongs beside them. `above`, `below`: over both columns.
 */
export function splitSection(
  id: string,
  title: string,
  {
    overTime,
    figures,
    above = [],
    below = [],
  }: { overTime: Contents; figures: Contents; above?: Contents; below?: Contents },
): Markup | undefined {
  return section(id, title, [...above, split(overTime, figures), ...below]);
}

/** Two columns where there is room; nothing if both are empty. */
export function split(left: Contents, right: Contents): Markup | undefined {
  const [shown, beside] = [left, right].map((contents) => contents.filter((content) => content !== undefined));
  if (shown === undefined || beside === undefined || shown.length + beside.length === 0) return undefined;
  if (shown.length === 0) return split(beside.slice(0, 1), beside.slice(1));
  return html`<div class="split"><div>${shown}</div><div class="beside">${beside}</div></div>`;
}

/** A section for reference, at the end of a page: closed until it is asked for. `summary`: what it holds. */
export function foldedSection(id: string, title: string, summary: string, contents: Contents): Markup | undefined {
  const shown = contents.filter((content) => content !== undefined);
  if (shown.length === 0) return undefined;
  return section(id, title, [html`<details class="fold"><summary>${summary}</summary>${shown}</details>`]);
}

/** The place of a chart, with its title, a table for people who cannot see it, and a note below; nothing if there is no such chart. */
export function figure(id: string, parts: PageParts, note?: Content): Markup | undefined {
  const chart = parts.charts.find((one) => one.id === id);
  return chart === undefined ? undefined : chartPlace(id, chart.title, note);
}

/** A place for a chart that may be drawn later. */
export function chartPlace(id: string, title: string, note?: Content): Markup {
  return html`<figure aria-labelledby="${id}-title">
<figcaption id="${id}-title">${title}</figcaption>
<div class="plot" id="${id}"></div>
${note === undefined ? undefined : html`<p class="note">${note}</p>`}
<details class="values"><summary>Table<span class="unseen">: ${title}</span></summary></details>
</figure>`;
}

/** How to read the points of charts over time. */
export function bucketNote({ bucketSec }: PageParts): string | undefined {
  return bucketSec === 1
    ? undefined
    : `In all charts over time, each point is the smallest or the largest second of ${bucketSec} s.`;
}

/** How stacked counts are thinned out. */
export function stackNote({ bucketSec }: PageParts): string | undefined {
  return bucketSec === 1 ? undefined : `Of each ${bucketSec} s, the seconds with the fewest and the most.`;
}

/** A column of a table. */
export interface TableColumn {
  readonly title: Content;
  readonly isNumber?: boolean;
}

/** A table that scrolls by itself, with the keyboard too, if the page is narrow. `events`: the event that each row is about. */
export function dataTable(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Content[])[],
  events: readonly (number | undefined)[] = [],
): Markup {
  const cellClass = (index: number): string => (columns[index]?.isNumber === true ? 'number' : '');
  const titles = columns.map(({ title }, index) => html`<th scope="col" class="${cellClass(index)}">${title}</th>`);
  const lines = rows.map(
    (row, at) =>
      html`<tr${eventAttribute(events[at])}>${row.map((cell, index) => html`<td class="${cellClass(index)}">${cell}</td>`)}</tr>\n`,
  );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${titles}</tr></thead><tbody>
${lines}</tbody></table></div>`;
}

/** Marks which event of the timetable an element is about; nothing for an unplanned disturbance. */
export function eventAttribute(event: number | undefined): Content {
  return event === undefined ? '' : html` data-event="${event}"`;
}

/** A bar for a share of 0..1, shown next to its number. */
export function shareBar(share: number, tone: 'good' | 'bad' | 'plain'): Markup {
  const width = Math.max(share > 0 ? 0.5 : 0, share * 100).toFixed(2);
  return html`<span class="bar ${tone}" aria-hidden="true"><i style="width:${width}%"></i></span>`;
}

/** Figures with their names. */
export function facts(entries: readonly (readonly [name: string, value: Content])[]): Markup {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The tag by which charts and lists name something that happened. */
export function markerTag({ tag, isStorm }: Pick<Marker, 'tag' | 'isStorm'>): Markup {
  return html`<span class="tag${isStorm ? ' storm' : ''}">${tag}</span>`;
}

/** A word for how something went, with a sign that does not depend on colour. */
export function state(isGood: boolean, word: string): Markup {
  return html`<span class="state ${isGood ? 'good' : 'bad'}">${isGood ? '✓' : '✗'} ${word}</span>`;
}
