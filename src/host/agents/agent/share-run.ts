import { hrtime } from 'node:process';
import { toTaggedJson } from '../../../text/tagged-json.ts';
import { type Deferred, deferred } from '../../../time/deferred.ts';
import type { HostListener, Workers } from '../../host.ts';
import { type FromAgent, readToAgent, type ToAgent } from '../agent-messages.ts';
import type { ShareJob } from '../hand-out.ts';
import type { AgentShare } from '../payload/agent-share.ts';
import { withListFiles } from '../payload/list-file.ts';
import { unpackShare } from '../payload/pack-share.ts';
import { claimKey, conversationKeys } from '../redis/keys.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { RELEASE } from '../redis/scripts.ts';
import { Conversation } from '../wire/conversation.ts';
import type { Note } from '../wire/notes.ts';
import type { AgentOptions } from './agent-options.ts';
import { checkShare } from './share-check.ts';
import { sharePlans, sourcesOf } from './share-plans.ts';
import { startPlans } from './start-plans.ts';

/** The most that may wait for its way to the coordinator. */
const MOST_WAITING_CHARS = 256 * 2 ** 20;
/** How far behind its time a tick is if the process was stopped, or its machine. */
const FROZEN_MS = 3_000;

/** One share, from when its agent takes it until nothing more is wanted of it. */
export class ShareRun {
  readonly #link: RedisLink;
  readonly #options: AgentOptions;
  readonly #job: ShareJob;
  readonly #conversation: Conversation;
  /** Nothing more is wanted of it. */
  readonly #over: Deferred<void> = deferred();
  #workers: Workers | undefined;
  /** Why it ends before its time, in words. */
  #why: string | undefined;
  #lastTickMs = performance.now();
  /** Its coordinator is gone. */
  #isOrphaned = false;
  /** Whether Redis was full at the latest tick. */
  #wasFull = false;

  constructor(link: RedisLink, options: AgentOptions, job: ShareJob) {
    const { name, times } = options;
    this.#link = link;
    this.#options = options;
    this.#job = job;
    const { token } = job;
    const parts = {
      link,
      keys: conversationKeys(token),
      side: 'agent' as const,
      claim: claimKey(name),
      token,
      keptMs: times.keptMs,
      resendMs: times.resendMs,
    };
    this.#conversation = new Conversation(parts, {
      onMessage: (text) => this.#ordered(text),
      onNote: (note) => this.#noted(note),
      onForeign: () => this.#takenAway(),
    });
  }

  /** Plays the share to its end; returns in words how it went. Never rejects. */
  async play(): Promise<string> {
    if (!(await this.#isHeld())) return 'a share came that nobody waits for any more; nothing of it was played';
    await this.#conversation.open();
    const timer = setInterval(() => void this.#tick(), this.#options.times.beatMs);
    try {
      await this.#prepare();
      await this.#over.promise;
    } finally {
      clearInterval(timer);
      await this.#leave();
    }
    if (this.#why === undefined) return 'the share was played to its end';
    return `${this.#workers === undefined ? 'the share was not played' : 'the share ended early'}: ${this.#why}`;
  }

  /** Ends the sessions in order, and then the share. */
  endInOrder(why: string): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    this.#options.tell(`Ending sessions: ${why}`);
    const workers = this.#workers;
    if (workers === undefined) {
      this.#over.resolve();
      return;
    }
    this.#say({ type: 'stopping', why });
    workers.broadcast({ type: 'stop' });
    void workers.ended().then(() => this.#overOnceHeard());
  }

  /** Ends it now. */
  endAtOnce(why: string): void {
    this.#why ??= why;
    this.#over.resolve();
  }

  async #isHeld(): Promise<boolean> {
    const held = await this.#link.tryTo((redis) => redis.get(claimKey(this.#options.name)));
    return held === this.#job.token;
  }

  async #prepare(): Promise<void> {
    const { version, key, dataFolder, tell } = this.#options;
    const { runId, share: number, token, packed } = this.#job;
    let share: AgentShare;
    try {
      share = await withListFiles(unpackShare(packed, key, { runId, share: number, token, version }), dataFolder);
      checkShare(share, this.#options, sourcesOf(share, this.#options));
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
      return;
    }
    tell(`Preparing ${share.sessions.toLocaleString('en-US')} sessions for ${share.targetHosts.join(', ')}`);
    const plans = sharePlans(share, this.#options, number + placeOfRun(runId));
    const workers = startPlans(plans, share.sessions, this.#options, this.#teller());
    this.#workers = workers;
    await workers.ready();
    this.#say({ type: 'ready' });
  }

  #refuse(why: string): void {
    this.#why = why;
    this.#say({ type: 'refused', why });
    setTimeout(() => this.#over.resolve(), this.#options.times.coordinatorLostMs).unref();
  }

  /** Passes on what the workers report. */
  #teller(): HostListener {
    return {
      onSnapshot: (snapshot) => this.#say({ type: 'snapshot', snapshot }),
      onAttempts: (batch, taken) => this.#conversation.say(toTaggedJson({ type: 'attempts', batch }), taken),
      onOnline: (worker, online) => this.#say({ type: 'online', worker, online }),
      onEventKnown: (worker, event) => this.#say({ type: 'event-known', worker, event }),
      onWorkerEnd: (worker, end) => this.#say({ type: 'worker-end', worker, end }),
    };
  }

  #say(message: FromAgent): void {
    this.#conversation.say(toTaggedJson(message));
  }

  #ordered(text: string): void {
    const order: ToAgent | undefined = readToAgent(text);
    if (order === undefined) {
      this.endInOrder('the coordinator said something that no coordinator of this version says');
      return;
    }
    switch (order.type) {
      case 'broadcast':
        if (order.message.type === 'start') this.#options.tell('Playing');
        this.#workers?.broadcast(order.message);
        break;
      case 'give-up':
        this.#workers?.giveUp(order.worker, order.why);
        break;
      case 'close':
        this.#over.resolve();
        break;
      default:
        order satisfies never;
    }
  }

  #noted(note: Note): void {
    if (note.kind !== 'ping') return;
    const thereNs = String(hrtime.bigint());
    void this.#conversation.note({ kind: 'pong', sentNs: note.sentNs, thereNs });
  }

  async #tick(): Promise<void> {
    const nowMs = performance.now();
    const isThawed = nowMs - this.#lastTickMs > FROZEN_MS;
    this.#lastTickMs = nowMs;
    // What came meanwhile is heard first; but if the share was taken away meanwhile, nobody says so any more.
    if (isThawed && !(await this.#isStillOurs())) {
      this.#takenAway();
      return;
    }
    if (!isThawed) this.#judge();
    this.#noteFull();
    await this.#conversation.tick();
  }

  async #isStillOurs(): Promise<boolean> {
    const held = await this.#link.ask((redis) => redis.get(claimKey(this.#options.name))).catch(() => undefined);
    return held === undefined || held === this.#job.token;
  }

  /** Ends what nobody looks after. */
  #judge(): void {
    const { coordinatorLostMs, withoutRedisMs } = this.#options.times;
    if (this.#link.silentMs > withoutRedisMs) {
      this.endInOrder(`Redis did not answer for ${seconds(withoutRedisMs)}`);
    } else if (this.#conversation.fullMs > withoutRedisMs) {
      this.endInOrder(`Redis was full for ${seconds(withoutRedisMs)} (maxmemory), so that nothing could be reported`);
    } else if (this.#conversation.silentMs > coordinatorLostMs) {
      this.#isOrphaned = true;
      this.endInOrder(`nothing was heard of the coordinator for ${seconds(coordinatorLostMs)}`);
    } else if (this.#conversation.waitingChars > MOST_WAITING_CHARS) {
      this.endAtOnce('more waits for the coordinator than this agent can hold');
    }
  }

  #noteFull(): void {
    const isFull = this.#conversation.fullMs > 0;
    if (isFull && !this.#wasFull) {
      this.#options.tell('Redis is full (maxmemory) and takes no news of this share; keeping them until it does');
      this.#say({
        type: 'trouble',
        words: 'Redis was full (maxmemory) for some time and took no news of it; they came later',
      });
    }
    this.#wasFull = isFull;
  }

  #takenAway(): void {
    this.endInOrder('the coordinator has given this share up');
    void this.#workers?.ended().then(() => this.#over.resolve());
  }

  /** What was measured to the end may still arrive, if Redis and the coordinator come back soon. */
  #overOnceHeard(): void {
    const { hopelessMs, withoutRedisMs, closeMs } = this.#options.times;
    const most = this.#link.silentMs > 0 ? hopelessMs - withoutRedisMs : closeMs;
    const endMs = performance.now() + most;
    const timer = setInterval(() => {
      if (!this.#conversation.isConfirmed && performance.now() < endMs) return;
      clearInterval(timer);
      this.#over.resolve();
    }, 100);
  }

  /** Ends what is left, and says farewell. */
  async #leave(): Promise<void> {
    await this.#workers?.close();
    await this.#conversation.tick();
    await this.#conversation.note({ kind: 'farewell', ...(this.#why === undefined ? {} : { why: this.#why }) });
    this.#conversation.close();
    if (this.#isOrphaned) await this.#clear();
  }

  /** Nobody else removes what is left of the share. */
  async #clear(): Promise<void> {
    const { token } = this.#job;
    const { toAgent, toCoordinator } = conversationKeys(token);
    await this.#link.tryTo((redis) => redis.del(toAgent, toCoordinator));
    await this.#link.tryTo((redis) => redis.eval(RELEASE, 1, claimKey(this.#options.name), token));
  }
}

/** Several runs may be played on one machine at once: each has loopback addresses of its own, as far as there are enough. */
function placeOfRun(runId: string): number {
  return Number.parseInt(runId.slice(0, 8), 16);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
