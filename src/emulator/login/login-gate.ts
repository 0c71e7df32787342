import type { Socket } from 'node:net';
import type { TokenStore } from '../auth/issued-tokens.ts';
import type { TokenSessions } from '../auth/token-sessions.ts';
import type { Profile } from '../contract/profiles.ts';
import { connectLine } from '../log/explain-connect.ts';
import type { LoginLog } from '../log/login-log.ts';
import type { ActiveLoginMisbehaviour } from '../misbehaviour/login-misbehaviour.ts';
import { MalformedConnect } from '../mqtt/connect-packet.ts';
import { ConnectReader, type ReadConnect } from '../mqtt/connect-reader.ts';
import { Connection } from '../mqtt/connection.ts';
import type { Counts } from '../service-counts.ts';
import type { ConnectLimits } from './connect-limits.ts';
import { DuplicateLogins } from './duplicate-logins.ts';
import { HeldLogin, placeForUs } from './held-login.ts';
import { type AcceptedLogin, decideLogin, type LoginDecision, type Transport } from './login.ts';
import type { Registry } from './registry.ts';

/** What a gate works with. */
export interface GateOptions {
  readonly registry: Registry;
  readonly profile: Profile;
  readonly limits: ConnectLimits;
  readonly misbehaviour: ActiveLoginMisbehaviour;
  readonly counts: Counts;
  readonly connectTimeoutMs: number;
  /** Absent: no logins by token. */
  readonly tokens?: TokenStore | undefined;
  /** Present if sessions end with their tokens. */
  readonly tokenSessions?: TokenSessions | undefined;
  /** Absent: logins are not told. */
  readonly log?: LoginLog | undefined;
  /** Gets an accepted connection, whose unread bytes begin with its CONNECT. */
  readonly handOver: (connection: Connection, login: AcceptedLogin) => void;
}

/**
 * Stands before the broker: reads each connection's CONNECT, decides the login, answers refusals itself and hands only accepted
 * connections over, so that garbage, half-open sockets and refused logins cost the broker nothing.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #duplicates = new DuplicateLogins();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Takes a new socket. */
  take(socket: Socket, transport: Transport): void {
    const connection = new Connection(socket, this.#options.counts);
    const reader = new ConnectReader();
    const timeout = setTimeout(() => socket.destroy(), this.#options.connectTimeoutMs);
    const read = (chunk: Buffer): void => {
      const connect = readOrClose(reader, chunk, connection, this.#options.log);
      if (connect === undefined) return;
      clearTimeout(timeout);
      // Held back until the answer: what follows the CONNECT is the broker's to read.
      socket.off('data', read).pause();
      this.#answer(connection, connect, transport).catch((error: Error) => socket.destroy(error));
    };
    socket.on('data', read);
    socket.once('close', () => clearTimeout(timeout));
  }

  /** Decides, waits if it must, then answers: the one place that settles a login. */
  async #answer(connection: Connection, { connect, bytes }: ReadConnect, transport: Transport): Promise<void> {
    const { registry, profile, tokens, misbehaviour, counts, tokenSessions, handOver, log } = this.#options;
    const held = new HeldLogin(connection.socket, bytes, counts);
    const decision = await this.#fate(decideLogin(connect, transport, registry, profile, tokens), held);
    const delayUs = misbehaviour.delayUs();
    if (delayUs !== undefined) await held.wait(placeForUs(delayUs));
    if (connection.isClosed) return;
    log?.(connectLine(connect, transport, decision, { registry, profile }));
    if (decision.kind === 'refuse') {
      connection.refuse(decision.code);
      return;
    }
    if (decision.token !== undefined) tokenSessions?.add(connection.socket, decision.token);
    held.giveBack();
    await this.#duplicates.takeOver(decision.identity, connection);
    if (!connection.isClosed) handOver(connection, decision);
  }

  /** Takes a valid login through limits and misbehaviour, in the order below; an invalid one stays as it is. */
  async #fate(decision: LoginDecision, held: HeldLogin): Promise<LoginDecision> {
    if (decision.kind === 'refuse') return decision;
    const { limits, misbehaviour, profile } = this.#options;
    if (!limits.admits(decision.identity)) {
      return { kind: 'refuse', code: profile.connack['rate-limited'], cause: 'rate-limited' };
    }
    const code = misbehaviour.refusal(decision.device);
    if (code !== undefined) return { kind: 'refuse', code };
    for (const turn of misbehaviour.turns(decision.device)) {
      if (turn.kind === 'refuse') return turn;
      await held.wait(turn.place);
    }
    return decision;
  }
}

function readOrClose(
  reader: ConnectReader,
  chunk: Buffer,
  connection: Connection,
  log: LoginLog | undefined,
): ReadConnect | undefined {
  try {
    return reader.push(chunk);
  } catch (error) {
    if (!(error instanceof MalformedConnect)) throw error;
    connection.closeForProtocolError();
    log?.({ way: 'mqtt', device: undefined, outcome: 'closed', cause: error.message });
    return undefined;
  }
}
