/// <reference lib="dom" />
import type { Columns, LiveEvent, PageData } from '../data/page-data.ts';
import { formatValue } from './format.ts';
import { morph } from './morph.ts';
import type { PageView } from './page-view.ts';
import { markScrollRegions } from './scroll-regions.ts';

/** Follows a run: what its dashboard sends becomes charts and text; at the end the page becomes the report. */
export function followRun(view: PageView, token: string): void {
  let data: PageData | undefined;
  const events = new EventSource(`/events?token=${token}`);
  const status = document.getElementById('connection');
  const say = (text: string): void => {
    if (status !== null) status.textContent = text;
  };
  events.onopen = () => say('');
  events.onerror = () => say('No connection to the run: it has ended, or its machine cannot be reached.');
  events.onmessage = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as LiveEvent;
    if (event.type === 'finished') {
      events.close();
      if (event.hasReport) location.reload();
      else say('The run has ended; its report could not be written.');
      return;
    }
    replaceParts(event.html);
    showProgress();
    if (event.type === 'page') {
      data = event.data;
      view.show(data);
      tellNews(data);
    } else if (data !== undefined) {
      const fixed = fixedColumns(data);
      for (const row of event.rows) append(data.columns, row, fixed);
      if (event.fresh !== undefined) data = view.renew(event.fresh);
      view.refresh();
      tellNews(data);
    }
    markScrollRegions();
  };
  offerStop(token, say);
}

/** The tab says how far the run is. */
function showProgress(): void {
  const progress = document.querySelector<HTMLElement>('[data-progress]')?.dataset['progress'];
  const name = document.querySelector('h1')?.textContent ?? '';
  if (progress !== undefined) document.title = `${progress} ${name} – fleetstorm`;
}

/** Says what happened, once each, and nothing of the figures that change every second. */
let told: string | undefined;
function tellNews({ markers, columns }: PageData): void {
  const nowSec = columns['time']?.at(-1) ?? 0;
  const past = markers.filter(({ startSec }) => startSec <= nowSec);
  const latest = past.toSorted((a, b) => a.startSec - b.startSec).at(-1);
  const news = latest === undefined ? '' : `${formatValue(latest.startSec, 'sec')}: ${latest.label}`;
  const place = document.getElementById('news');
  if (news === told || place === null) return;
  told = news;
  place.textContent = news;
}

/** The parts come from the same escaping renderer as the page itself. */
function replaceParts(parts: Readonly<Record<string, string>>): void {
  for (const [id, html] of Object.entries(parts)) {
    const element = document.getElementById(id);
    if (element !== null) morph(element, html);
  }
}

function append(columns: Columns, row: Readonly<Record<string, number | null>>, fixed: ReadonlySet<string>): void {
  for (const [name, column] of Object.entries(columns)) {
    if (fixed.has(name)) continue;
    const isCount = name.startsWith('outcome:') || name.startsWith('ended:');
    column.push(row[name] ?? (isCount ? 0 : null));
  }
}

/** Columns of charts that are not over the run's time, and so do not grow with it. */
function fixedColumns({ charts }: PageData): Set<string> {
  return new Set(
    charts.flatMap((chart) => {
      if (chart.kind === 'heat' || chart.isTimeline) return [];
      const { x, series, timeColumn } = chart;
      return [x.column, ...series.map(({ column }) => column), ...(timeColumn === undefined ? [] : [timeColumn])];
    }),
  );
}

function offerStop(token: string, say: (text: string) => void): void {
  const dialog = document.getElementById('stop-dialog');
  const stop = document.getElementById('stop');
  if (!(dialog instanceof HTMLDialogElement) || !(stop instanceof HTMLButtonElement)) return;
  stop.addEventListener('click', () => dialog.showModal());
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'stop') return;
    stop.disabled = true;
    fetch('/stop', { method: 'POST', headers: { 'x-fleetstorm-token': token } }).then(
      (answer) => say(answer.ok ? 'Ending sessions.' : `The run was not stopped: HTTP ${answer.status}.`),
      () => say('The run was not stopped: no connection to it.'),
    );
  });
}
