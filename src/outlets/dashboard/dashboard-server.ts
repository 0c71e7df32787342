import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { isFileError } from '../../files/system-error.ts';
import { loadPageAssets } from '../../report/html/assets.ts';
import { renderLivePage } from '../../report/html/live-page.ts';
import { servedReport, withoutReport } from '../../report/html/served-report.ts';
import { REPORT_FILE } from '../../report/html/write.ts';
import type { LiveRun } from '../../report/live/live-state.ts';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import { LOOPBACK, portOf } from '../listen.ts';
import { listenOnLoopback } from '../loopback-server.ts';
import { LiveFeed } from './live-feed.ts';
import type { FigureSource } from './live-figures.ts';
import { RequestGuard } from './request-guard.ts';

/** Options of a dashboard. */
export interface DashboardOptions {
  /** Port on 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
  readonly run: LiveRun;
  /** The stop button was pressed and confirmed; called at most once. */
  onStop(): void;
}

/** A run's page on this machine. */
export interface Dashboard {
  readonly url: string;
  /** The run has begun; takes the source of its figures. */
  follow(source: FigureSource): void;
  interval(line: TimelineLine, responses?: LatencyHistogram): void;
  /** The run's files are written: its pages now show the report. Settles when all pages have it, or after a short timeout. */
  finished(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** How long pages may take to fetch the report before the process may end. */
const LAST_CALL_MS = 3_000;

/** Serves a run's page on loopback. Rejects if the program is not built, or with a `PortError` if the port is not available. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const assets = await loadPageAssets();
  const token = randomBytes(24).toString('base64url');
  const page = renderLivePage(options.run, token, assets);
  const server = await listenOnLoopback(options.port, '--dashboard');
  return new DashboardServer(server, page, token, options);
}

class DashboardServer implements Dashboard {
  readonly url: string;
  readonly #server: Server;
  readonly #guard: RequestGuard;
  readonly #feed: LiveFeed;
  readonly #onStop: () => void;
  #page: string;
  #isStopped = false;
  #isFinished = false;
  /** Number of pages that were notified of the report but have not fetched it yet. */
  #owed = 0;
  #allServed: (() => void) | undefined;

  constructor(server: Server, page: string, token: string, { run, onStop }: DashboardOptions) {
    const port = portOf(server);
    this.url = `http://${LOOPBACK}:${port}/`;
    this.#server = server;
    this.#guard = new RequestGuard(token, port);
    this.#feed = new LiveFeed(run);
    this.#onStop = onStop;
    this.#page = page;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  follow(source: FigureSource): void {
    this.#feed.follow(source);
  }

  interval(line: TimelineLine, responses?: LatencyHistogram): void {
    this.#feed.interval(line, responses);
  }

  async finished(folder: string): Promise<void> {
    const report = await readReport(folder);
    this.#isFinished = true;
    const path = resolve(folder, REPORT_FILE);
    this.#page = report === undefined ? withoutReport(resolve(folder)) : servedReport(report, path);
    this.#owed = report === undefined ? 0 : this.#feed.clients;
    this.#feed.finish(report !== undefined);
    if (this.#owed > 0) await this.#lastCall();
  }

  async close(): Promise<void> {
    this.#feed.close();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #lastCall(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LAST_CALL_MS);
      this.#allServed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of SAFE_HEADERS) response.setHeader(name, value);
    const url = request.url ?? '/';
    if (!URL.canParse(url, this.url)) {
      answerEmpty(response, 400);
      return;
    }
    const { pathname, searchParams } = new URL(url, this.url);
    const route = `${request.method ?? ''} ${pathname}`;
    if (!this.#guard.isOwnHost(request)) answerEmpty(response, 421);
    else if (route === 'GET /') this.#sendPage(response);
    else if (route === 'GET /events') this.#follow(searchParams.get('token'), response);
    else if (route === 'POST /stop') this.#stop(request, response);
    else answerEmpty(response, pathname === '/stop' || pathname === '/events' || pathname === '/' ? 405 : 404);
  }

  #sendPage(response: ServerResponse): void {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(this.#page);
    if (!this.#isFinished) return;
    response.on('finish', () => {
      this.#owed--;
      if (this.#owed <= 0) this.#allServed?.();
    });
  }

  #follow(token: string | null, response: ServerResponse): void {
    if (!this.#guard.isToken(token)) answerEmpty(response, 403);
    else if (this.#isFinished) answerEmpty(response, 204);
    else if (!this.#feed.add(response)) answerEmpty(response, 503);
  }

  /** Only our own page knows the token, and only a page of our own origin may send it. */
  #stop(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const isOurs = this.#guard.isOwnOrigin(request) && this.#guard.isToken(request.headers['x-fleetstorm-token']);
    if (!isOurs) {
      answerEmpty(response, 403);
      return;
    }
    if (!this.#isStopped && !this.#isFinished) this.#onStop();
    this.#isStopped = true;
    answerEmpty(response, 204);
  }
}

/** No other site may frame the page, and with it the stop button. */
const SAFE_HEADERS = [
  ['x-frame-options', 'DENY'],
  ['content-security-policy', "frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['cache-control', 'no-store'],
] as const;

function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end();
}

/** Undefined if there is no report or it cannot be read; the run has reported why. */
async function readReport(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, REPORT_FILE), 'utf8');
  } catch (error) {
    if (isFileError(error)) return undefined;
    throw error;
  }
}
