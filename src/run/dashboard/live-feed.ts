import type { ServerResponse } from 'node:http';
import type { TimelineLine } from '../../metrics/results.ts';
import type { LiveEvent } from '../../report/html/data/page-data.ts';
import { type Change, TimelineColumns } from '../../report/html/data/timeline-columns.ts';
import { livePageData, liveParts } from '../../report/html/live-page.ts';
import { type LiveRun, LiveState } from '../../report/live-state.ts';

/** Pages that may watch at once. */
const MAX_CLIENTS = 8;
/** What may wait for a client before it is dropped; its page connects again and gets everything anew. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The run as events to pages that watch it. Without one nothing is rendered, and none can hold the run up. */
export class LiveFeed {
  readonly #run: LiveRun;
  readonly #state: LiveState;
  readonly #columns: TimelineColumns;
  readonly #clients = new Set<ServerResponse>();

  constructor(run: LiveRun) {
    this.#run = run;
    this.#state = new LiveState(run);
    this.#columns = new TimelineColumns(run.fleets ?? []);
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Takes a page on; false when there are too many. */
  add(response: ServerResponse): boolean {
    if (this.#clients.size >= MAX_CLIENTS) return false;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#clients.add(response);
    response.on('close', () => this.#clients.delete(response));
    this.#send(response, this.#wholePage());
    return true;
  }

  interval(line: TimelineLine): void {
    this.#state.add(line);
    const change = this.#columns.add(line);
    if (this.#clients.size > 0) this.#sendAll(this.#eventOf(change));
  }

  /** Tells all pages that the run is over, and ends their streams. */
  finish(hasReport: boolean): void {
    this.#sendAll({ type: 'finished', hasReport });
    for (const client of this.#clients) client.end();
  }

  /** Cuts off whoever is still there. */
  close(): void {
    for (const client of this.#clients) client.destroy();
  }

  #eventOf(change: Change): LiveEvent {
    return change === 'rebuilt' ? this.#wholePage() : { type: 'rows', rows: change.rows, html: liveParts(this.#state) };
  }

  #wholePage(): LiveEvent {
    return { type: 'page', data: livePageData(this.#run, this.#columns.columns(true)), html: liveParts(this.#state) };
  }

  #sendAll(event: LiveEvent): void {
    const text = eventText(event);
    for (const client of this.#clients) this.#write(client, text);
  }

  #send(client: ServerResponse, event: LiveEvent): void {
    this.#write(client, eventText(event));
  }

  #write(client: ServerResponse, text: string): void {
    if (client.writableLength > MAX_WAITING_BYTES) client.destroy();
    else client.write(text);
  }
}

/** JSON holds no line break, so an event is one line. */
function eventText(event: LiveEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
