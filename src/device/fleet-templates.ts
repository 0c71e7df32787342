import type { Fleet } from './fleet.ts';

/** What a template's text becomes in a packet. */
export type TemplateField = 'clientId' | 'username' | 'password' | 'filter' | 'topic';

/** A text of a fleet that may hold placeholders. */
export interface FleetTemplate {
  readonly field: TemplateField;
  /** Its path in the fleet: `auth`, `clientId`. */
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** The part of a fleet that holds templates. */
export type TemplatedFleet = Pick<Fleet, 'auth' | 'onConnect'>;

/** All texts of a fleet that may hold placeholders. */
export function templatesOf({ auth, onConnect }: TemplatedFleet): FleetTemplate[] {
  const list = (key: 'subscribe' | 'publish', field: TemplateField): FleetTemplate[] =>
    (onConnect?.[key] ?? []).map(({ topic }, index) => ({
      field,
      path: ['onConnect', key, index, 'topic'],
      text: topic,
    }));
  const topics = [...list('subscribe', 'filter'), ...list('publish', 'topic')];
  if (auth.mode !== 'password') return topics;
  const fields = (['clientId', 'username', 'password'] as const).flatMap((field): FleetTemplate[] => {
    const text = auth[field];
    return text === undefined ? [] : [{ field, path: ['auth', field], text }];
  });
  return [...fields, ...topics];
}
