import { hrtime } from 'node:process';
import type { ToWorker } from '../../../fleet/protocol.ts';
import { toTaggedJson } from '../../../text/tagged-json.ts';
import type { WorkerEnd } from '../../host.ts';
import { type FromAgent, readFromAgent, type ToAgent } from '../agent-messages.ts';
import type { AgentTimes } from '../agent-times.ts';
import { type ClockOffset, onOtherClock } from '../clock/clock-offset.ts';
import { claimKey, conversationKeys } from '../redis/keys.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import type { ClaimedAgent } from '../registry/registry.ts';
import { Conversation } from '../wire/conversation.ts';
import type { Note } from '../wire/notes.ts';
import { ClockProbe } from './clock-probe.ts';

/** What an agent is doing, as its coordinator knows it. */
export type GroupAgentState =
  /** It has a share, and prepares it. */
  | 'preparing'
  /** It waits for the start, or plays. */
  | 'ready'
  /** All its workers have ended. */
  | 'ended'
  /** It does not take the share. */
  | 'refused'
  /** It was given up: nothing of it counts from now on. */
  | 'lost';

/** What an agent passes on from its workers. */
export type WorkerNews = Exclude<FromAgent, { type: 'ready' | 'refused' | 'stopping' | 'trouble' }>;

/** Is notified of what an agent says and does. */
export interface GroupAgentListener {
  onMessage(agent: GroupAgent, message: WorkerNews, taken: () => void): void;
  /** Its state has changed. */
  onChange(agent: GroupAgent): void;
}

/** One agent of a run, as its coordinator sees it. */
export class GroupAgent {
  readonly claimed: ClaimedAgent;
  readonly running: Set<number>;
  readonly workers: readonly number[];
  /** What degrades the run, in words. */
  readonly troubles: string[] = [];
  state: GroupAgentState = 'preparing';
  /** Why it refused or was given up, in words. */
  why: string | undefined;
  /** Before the start, and after the end. */
  clock: ClockOffset | undefined;
  clockAtEnd: ClockOffset | undefined;
  longestSilenceMs = 0;
  hasLeft = false;
  /** It ended its sessions before their time. */
  isStopped = false;
  /** It left before its workers had ended. */
  isGone = false;
  readonly #conversation: Conversation;
  readonly #probe: ClockProbe;
  readonly #listener: GroupAgentListener;

  constructor(
    link: RedisLink,
    times: AgentTimes,
    { claimed, workers }: { readonly claimed: ClaimedAgent; readonly workers: readonly number[] },
    listener: GroupAgentListener,
  ) {
    this.claimed = claimed;
    this.workers = workers;
    this.running = new Set(workers);
    this.#listener = listener;
    const { token, facts } = claimed;
    const { keptMs, resendMs } = times;
    const keys = conversationKeys(token);
    const parts = { link, keys, side: 'coordinator' as const, claim: claimKey(facts.name), token, keptMs, resendMs };
    this.#conversation = new Conversation(parts, {
      onMessage: (text) => this.#heard(text),
      onNote: (note) => this.#noted(note),
    });
    this.#probe = new ClockProbe((sentNs) => this.#conversation.note({ kind: 'ping', sentNs: String(sentNs) }));
  }

  get name(): string {
    return this.claimed.facts.name;
  }

  /** Whether anything may still be heard of it. */
  get isThere(): boolean {
    return this.state !== 'lost' && !this.hasLeft;
  }

  get silentMs(): number {
    return this.#conversation.silentMs;
  }

  async open(): Promise<void> {
    await this.#conversation.open();
  }

  say(order: ToAgent): void {
    if (this.isThere) this.#conversation.say(toTaggedJson(order));
  }

  /** Passes a message on to its workers; instants are converted to its clock. */
  broadcast(message: ToWorker): void {
    const translated =
      message.type === 'start' && this.clock !== undefined
        ? { ...message, epochNs: onOtherClock(message.epochNs, this.clock) }
        : message;
    this.say({ type: 'broadcast', message: translated });
  }

  /** Compares its clock with this machine's; undefined if it does not answer often enough. */
  async measureClock(): Promise<ClockOffset | undefined> {
    return await this.#probe.measure();
  }

  async tick(): Promise<void> {
    if (!this.isThere) return;
    this.longestSilenceMs = Math.max(this.longestSilenceMs, this.silentMs);
    await this.#conversation.tick();
  }

  /** Nothing of it counts from now on. */
  lose(why: string): void {
    if (this.state === 'lost') return;
    this.state = 'lost';
    this.why ??= why;
    this.#listener.onChange(this);
  }

  close(): void {
    this.#conversation.close();
  }

  #heard(text: string): void {
    if (this.state === 'lost') return;
    const message = readFromAgent(text);
    if (message === undefined) {
      this.lose('it said something that no agent of this version says');
      return;
    }
    switch (message.type) {
      case 'ready':
        if (this.state === 'preparing') this.#become('ready');
        break;
      case 'refused':
        this.why = message.why;
        this.#become('refused');
        break;
      case 'stopping':
        this.isStopped = true;
        this.why ??= message.why;
        break;
      case 'trouble':
        this.troubles.push(message.words);
        break;
      default:
        // It counts as taken by being confirmed.
        this.#listener.onMessage(this, message, () => undefined);
    }
  }

  #noted(note: Note): void {
    if (note.kind === 'pong') {
      this.#probe.answered(BigInt(note.sentNs), BigInt(note.thereNs), hrtime.bigint());
    } else if (note.kind === 'farewell') {
      this.hasLeft = true;
      this.isGone = this.running.size > 0 && this.state !== 'refused';
      if (note.why !== undefined) this.why ??= note.why;
      this.#listener.onChange(this);
    }
  }

  /** One of its workers has ended; returns false if that was known. */
  workerEnded(worker: number, _end: WorkerEnd): boolean {
    if (!this.running.delete(worker)) return false;
    if (this.running.size === 0 && this.state === 'ready') this.#become('ended');
    return true;
  }

  #become(state: GroupAgentState): void {
    this.state = state;
    this.#listener.onChange(this);
  }
}
