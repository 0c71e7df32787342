import type { ServerResponse } from 'node:http';
import type { Chart, LiveEvent } from '../../report/html/data/page-data.ts';
import { type Change, TimelineColumns } from '../../report/html/data/timeline-columns.ts';
import { courseData, liveParts, liveReport } from '../../report/html/live-page.ts';
import { jsonForScript } from '../../report/html/markup.ts';
import { type LiveRun, LiveState } from '../../report/live/live-state.ts';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import { type FigureSource, LiveFigures } from './live-figures.ts';

/** The most pages that may watch at once. */
const MAX_CLIENTS = 8;
/** How much data may wait for a client before it is dropped; its page then reconnects and gets everything again. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Streams the run as events to the pages that watch it. Without a page nothing is rendered, and no page can hold up the run. */
export class LiveFeed {
  readonly #run: LiveRun;
  readonly #state: LiveState;
  readonly #columns: TimelineColumns;
  readonly #figures: LiveFigures;
  readonly #clients = new Set<ServerResponse>();

  constructor(run: LiveRun) {
    this.#run = run;
    this.#state = new LiveState(run);
    this.#columns = new TimelineColumns(run.fleets ?? []);
    this.#figures = new LiveFigures(run.fleets ?? []);
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Adds a page; false if there are too many. */
  add(response: ServerResponse): boolean {
    if (this.#clients.size >= MAX_CLIENTS) return false;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#clients.add(response);
    response.on('close', () => this.#clients.delete(response));
    this.#send(response, this.#wholePage());
    return true;
  }

  /** The run has begun; takes the source of its figures. */
  follow(source: FigureSource): void {
    this.#figures.follow(source);
    this.#state.hosts = source.hosts ?? [];
  }

  interval(line: TimelineLine, responses: LatencyHistogram | undefined): void {
    this.#state.add(line);
    this.#figures.interval(line, responses);
    const change = this.#columns.add(line);
    if (this.#clients.size > 0) this.#sendAll(this.#eventOf(change));
  }

  /** Tells all pages that the run is over, and ends their streams. */
  finish(hasReport: boolean): void {
    this.#sendAll({ type: 'finished', hasReport });
    for (const client of this.#clients) client.end();
  }

  /** Disconnects the remaining pages. */
  close(): void {
    for (const client of this.#clients) client.destroy();
  }

  #eventOf(change: Change): LiveEvent {
    if (change === 'rebuilt') return this.#wholePage();
    const parts = liveParts(this.#state);
    const report = this.#figures.isDue ? this.#report() : undefined;
    if (report === undefined) return { type: 'rows', rows: change.rows, html: parts };
    const { charts, columns, markers } = report.data;
    const others = charts.filter((chart) => chart.kind === 'heat' || !chart.isTimeline);
    const names = new Set(others.flatMap(columnNames));
    const fresh = {
      charts: others,
      columns: Object.fromEntries(Object.entries(columns).filter(([name]) => names.has(name))),
      markers,
    };
    return { type: 'rows', rows: change.rows, fresh, html: { ...parts, ...report.html } };
  }

  #report(): ReturnType<typeof liveReport> | undefined {
    const [columns, rates] = [this.#columns.columns(true), this.#columns.rates()];
    const timeline = { columns, width: this.#columns.width, rates };
    return this.#figures.measured(timeline, (input) => liveReport(this.#run, input));
  }

  #wholePage(): LiveEvent {
    const report = this.#report();
    const data = report?.data ?? courseData(this.#run, this.#columns.columns(true));
    return { type: 'page', data, html: { ...liveParts(this.#state), ...report?.html } };
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

/** The columns that a chart is drawn from. */
function columnNames(chart: Chart): string[] {
  if (chart.kind === 'heat') return [];
  return [chart.x.column, ...chart.series.map(({ column }) => column), ...(chart.timeColumn ? [chart.timeColumn] : [])];
}

/** JSON holds no line break, so an event is one line. */
function eventText(event: LiveEvent): string {
  return `data: ${jsonForScript(event).text}\n\n`;
}
