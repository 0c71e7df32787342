import type { DeviceIdentity } from '../device/identity.ts';
import { tokenRequest } from '../device/token-request.ts';
import { TokenStore } from '../device/token-store.ts';
import type { LinkFactory, LinkOptions } from '../link/port.ts';
import type { TlsLayer, TlsSessionSlot } from '../link/tls.ts';
import type { FleetRecorder } from '../metrics/recorder.ts';
import type { FleetShard } from './protocol.ts';
import type { WorkerAccess } from './service-access.ts';

/** What an attempt needs beside its credentials. */
type AccessOptions = Pick<LinkOptions, 'tls' | 'login' | 'authContext'>;

/** What the devices of one fleet reach the service with: TLS, and tokens of the HTTPS login. */
export class FleetAccess {
  readonly #access: WorkerAccess;
  readonly #shard: FleetShard;
  readonly #tokens: TokenStore | undefined;
  /** By device index; only where sessions are resumed. */
  readonly #tlsSessions = new Map<number, TlsSessionSlot>();

  constructor(access: WorkerAccess, shard: FleetShard, recorder: FleetRecorder) {
    this.#access = access;
    this.#shard = shard;
    if (shard.auth.mode !== 'https-token') return;
    this.#tokens = new TokenStore(shard.auth.login, (code) => recorder.authReply(code));
  }

  get links(): LinkFactory {
    return this.#access.links;
  }

  /** TLS and login of one device for one attempt. */
  optionsOf(index: number, identity: DeviceIdentity): AccessOptions {
    const layer = this.#layerOf(identity);
    const { auth, transport } = this.#shard;
    const tls = transport === 'tls' && layer !== undefined ? { ...layer, slot: this.#slotOf(index) } : undefined;
    if (auth.mode !== 'https-token') return { tls, login: undefined, authContext: undefined };
    const login = this.#tokens?.loginOf(index, () => tokenRequest(auth, identity, Date.now()));
    return { tls, login, authContext: layer?.context };
  }

  #layerOf({ certificate }: DeviceIdentity): TlsLayer | undefined {
    return certificate === undefined ? this.#access.tls : this.#access.tlsWith(certificate);
  }

  #slotOf(index: number): TlsSessionSlot | undefined {
    if (!this.#access.sessionResumption) return undefined;
    const slot = this.#tlsSessions.get(index) ?? { session: undefined };
    this.#tlsSessions.set(index, slot);
    return slot;
  }
}
