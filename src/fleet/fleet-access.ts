import { tokenRequest } from '../device/auth/token-request.ts';
import { TokenStore } from '../device/auth/token-store.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { LinkFactory, LinkFailure, LinkOptions } from '../link/port.ts';
import { ClientCertificateError } from '../link/socket/client-certificate.ts';
import type { TlsLayer, TlsSessionSlot } from '../link/socket/tls.ts';
import type { FleetRecorder } from '../metrics/measure/recorder.ts';
import type { FleetShard } from './protocol.ts';
import type { WorkerAccess } from './worker-access.ts';

/** What an attempt needs besides its credentials. */
type AccessOptions = Pick<LinkOptions, 'tls' | 'login' | 'authContext' | 'unusable'>;

const NO_LAYER = { layer: undefined, unusable: undefined } as const;

/** How the devices of one fleet reach the service: TLS, and the tokens of the HTTPS login. */
export class FleetAccess {
  readonly #access: WorkerAccess;
  readonly #shard: FleetShard;
  readonly #tokens: TokenStore | undefined;
  /** By device and address, as a session is known only where it was made; only where sessions are resumed. */
  readonly #tlsSessions = new Map<number, TlsSessionSlot>();

  constructor(access: WorkerAccess, shard: FleetShard, recorder: FleetRecorder) {
    this.#access = access;
    this.#shard = shard;
    const { auth } = shard.fleet;
    if (auth.mode !== 'https-token') return;
    this.#tokens = new TokenStore(auth.login, (code) => recorder.authReply(code));
  }

  get links(): LinkFactory {
    return this.#access.links;
  }

  /** TLS and login of one device for one attempt at an address. If its own certificate is unusable, that becomes the outcome of its attempts. */
  optionsOf(index: number, address: number, identity: DeviceIdentity): AccessOptions {
    const { fleet, transport } = this.#shard;
    const { auth } = fleet;
    const { layer, unusable } = showsCertificates(this.#shard) ? this.#layerOf(identity) : NO_LAYER;
    const tls =
      transport === 'tls' && layer !== undefined ? { ...layer, slot: this.#slotOf(index, address) } : undefined;
    if (auth.mode !== 'https-token') return { tls, login: undefined, authContext: undefined, unusable };
    const login = this.#tokens?.loginOf(index, () => tokenRequest(auth, identity, Date.now()));
    return { tls, login, authContext: layer?.context, unusable };
  }

  #layerOf({ certificate, certificateFault }: DeviceIdentity): {
    readonly layer: TlsLayer | undefined;
    readonly unusable: LinkFailure | undefined;
  } {
    const { tls } = this.#access;
    // Without TLS no certificate is presented.
    if (tls === undefined) return NO_LAYER;
    if (certificateFault !== undefined) return { layer: undefined, unusable: unusableFor(certificateFault) };
    if (certificate === undefined) return { layer: tls, unusable: undefined };
    try {
      return { layer: this.#access.tlsWith(certificate), unusable: undefined };
    } catch (error) {
      if (!(error instanceof ClientCertificateError)) throw error;
      return { layer: undefined, unusable: unusableFor(error.message) };
    }
  }

  #slotOf(index: number, address: number): TlsSessionSlot | undefined {
    if (!this.#access.sessionResumption) return undefined;
    const key = index * this.#shard.endpoints.length + address;
    const slot = this.#tlsSessions.get(key) ?? { session: undefined };
    this.#tlsSessions.set(key, slot);
    return slot;
  }
}

/** Whether the devices of a fleet use TLS at all, and with it the certificates of their own. */
export function showsCertificates({ fleet, transport }: Pick<FleetShard, 'fleet' | 'transport'>): boolean {
  return transport === 'tls' || fleet.auth.mode === 'https-token';
}

/** Nothing was sent, so no handshake failed; it is still TLS that the device cannot do. */
function unusableFor(fault: string): LinkFailure {
  return { outcome: 'tls-failed', phase: 'tls', detail: `not sent, client certificate of the device: ${fault}` };
}
