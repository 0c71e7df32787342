/** Texts with placeholders: `${deviceName}`, `${env:NAME}`. Compiled once a fleet, filled in once an attempt. */

/** What placeholders stand for, for one device. */
export interface TemplateValues {
  readonly deviceName: string;
  readonly productKey: string;
  readonly deviceSecret: string;
  /** 1-based position of the device in its fleet. */
  readonly index: string;
}

const DEVICE_PLACEHOLDERS: readonly (keyof TemplateValues)[] = ['deviceName', 'productKey', 'deviceSecret', 'index'];

/** The placeholder names that stand in a text, in order: `deviceName`, `env:MQTT_PASSWORD`. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Environment variable a placeholder reads, or undefined when it is not of that kind. */
export function environmentNameOf(placeholder: string): string | undefined {
  return placeholder.startsWith('env:') ? placeholder.slice(4) : undefined;
}

/** True when a device or an environment variable can fill the placeholder. */
export function isKnownPlaceholder(placeholder: string): boolean {
  return (DEVICE_PLACEHOLDERS as readonly string[]).includes(placeholder) || /^env:[A-Za-z_]\w*$/.test(placeholder);
}

/**
 * A function that fills the text in for a device. Environment variables are read now, from `environment`.
 * Throws when a placeholder is unknown or a variable is not set; the scenario check has said so before.
 */
export function compileTemplate(
  text: string,
  environment: Readonly<Record<string, string>>,
): (values: TemplateValues) => string {
  const parts = text.split(/\$\{([^}]*)\}/).map((part, position) => {
    if (position % 2 === 0) return part;
    const variable = environmentNameOf(part);
    if (variable !== undefined) return environmentValue(variable, environment);
    const key = DEVICE_PLACEHOLDERS.find((name) => name === part);
    if (key === undefined) throw new Error(`unknown placeholder \${${part}}`);
    return { key };
  });
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return () => only;
  return (values) => parts.map((part) => (typeof part === 'string' ? part : values[part.key])).join('');
}

function environmentValue(variable: string, environment: Readonly<Record<string, string>>): string {
  const value = environment[variable];
  if (value === undefined) throw new Error(`environment variable ${variable} is not set`);
  return value;
}
