import type { AuthClient } from '../link/auth/auth-client.ts';
import type { LeanLinkServices } from '../link/lean/lean-link.ts';
import type { LinkFactory } from '../link/port.ts';
import type { ShardPlan } from './protocol.ts';

/** The modules that a worker makes its links with: those of its plan and no others, as loading them all takes a third of a worker's start. */
export interface LinkModules {
  newLinks(services: LeanLinkServices): LinkFactory;
  /** Undefined where nobody logs in over HTTPS. */
  readonly AuthClient: typeof AuthClient | undefined;
}

/** Loads them; the second time in a thread they are there. Awaited before a worker is ready, so that no attempt waits for it. */
export async function linkModules({ client, access }: Pick<ShardPlan, 'client' | 'access'>): Promise<LinkModules> {
  const [newLinks, auth] = await Promise.all([
    client === 'lean' ? leanLinks() : mqttJsLinks(),
    access.auth === undefined ? undefined : import('../link/auth/auth-client.ts'),
  ]);
  return { newLinks, AuthClient: auth?.AuthClient };
}

async function leanLinks(): Promise<LinkModules['newLinks']> {
  const { LeanLinkFactory } = await import('../link/lean/lean.ts');
  return (services) => new LeanLinkFactory(services);
}

async function mqttJsLinks(): Promise<LinkModules['newLinks']> {
  const { MqttJsLinkFactory } = await import('../link/mqttjs/mqttjs.ts');
  return (services) => new MqttJsLinkFactory(services);
}
