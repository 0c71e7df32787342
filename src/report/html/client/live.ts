/// <reference lib="dom" />
import type { Columns, LiveEvent, PageData } from '../data/page-data.ts';
import { morph } from './morph.ts';
import type { PageView } from './page-view.ts';

/** Follows a run: what its dashboard sends becomes charts and text; at the end the page becomes the report. */
export function followRun(view: PageView, token: string): void {
  let data: PageData | undefined;
  const events = new EventSource(`/events?token=${token}`);
  const status = document.getElementById('connection');
  const say = (text: string): void => {
    if (status !== null) status.textContent = text;
  };
  events.onopen = () => say('');
  events.onerror = () => say('No connection to the run. It has ended, or its machine cannot be reached.');
  events.onmessage = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as LiveEvent;
    if (event.type === 'finished') {
      events.close();
      if (event.hasReport) location.reload();
      else say('The run has ended; its report could not be written.');
      return;
    }
    replaceParts(event.html);
    if (event.type === 'page') {
      data = event.data;
      view.show(data);
    } else if (data !== undefined) {
      for (const row of event.rows) append(data.columns, row);
      if (event.fresh !== undefined) data = view.renew(event.fresh);
      view.refresh();
    }
  };
  offerStop(token, say);
}

/** The parts come from the same escaping renderer as the page itself. */
function replaceParts(parts: Readonly<Record<string, string>>): void {
  for (const [id, html] of Object.entries(parts)) {
    const element = document.getElementById(id);
    if (element !== null) morph(element, html);
  }
}

function append(columns: Columns, row: Readonly<Record<string, number | null>>): void {
  for (const [name, column] of Object.entries(columns)) {
    if (FIXED.test(name)) continue;
    const isCount = name.startsWith('outcome:') || name.startsWith('ended:');
    column.push(row[name] ?? (isCount ? 0 : null));
  }
}

/** Columns of charts that are not over the run's time, and so do not grow with it. */
const FIXED = /^(?:[\w-]*percentiles|recovery-[\w-]+):/;

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
