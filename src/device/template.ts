/** Texts with placeholders: `${deviceName}`, `${column:site}`, `${env:NAME}`. Compiled once per fleet, filled in once per attempt. */

/** What placeholders stand for, for one device. */
export interface TemplateValues {
  readonly deviceName: string;
  readonly productKey: string;
  readonly deviceSecret: string;
  /** 1-based position of the device in its fleet. */
  readonly index: string;
  /** Fields of further columns of the device list, in the order in which the fleet's templates name them. */
  readonly columns?: readonly string[] | undefined;
}

const DEVICE_PLACEHOLDERS: readonly Exclude<keyof TemplateValues, 'columns'>[] = [
  'deviceName',
  'productKey',
  'deviceSecret',
  'index',
];

/** A part that is filled in for each device. */
type DevicePart = { readonly key: (typeof DEVICE_PLACEHOLDERS)[number] } | { readonly column: number };

/** The placeholder names in a text, in order: `deviceName`, `env:MQTT_PASSWORD`. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Environment variable a placeholder reads, or undefined when it is of another kind. */
export function environmentNameOf(placeholder: string): string | undefined {
  return placeholder.startsWith('env:') ? placeholder.slice(4) : undefined;
}

/** Column of the device list a placeholder reads (`column:site`, or `csv:site`), as `columnName` has it; undefined when it is of another kind. */
export function columnNameOf(placeholder: string): string | undefined {
  const [, column] = /^(?:column|csv):(.*)$/s.exec(placeholder) ?? [];
  return column === undefined ? undefined : columnName(column);
}

/** The normalised name of a column: surrounding blanks and case do not matter. */
export function columnName(text: string): string {
  return text.trim().toLowerCase();
}

/** True when a device, its row or an environment variable can fill the placeholder. */
export function isKnownPlaceholder(placeholder: string): boolean {
  if ((DEVICE_PLACEHOLDERS as readonly string[]).includes(placeholder)) return true;
  return /^env:[A-Za-z_]\w*$/.test(placeholder) || Boolean(columnNameOf(placeholder));
}

/**
 * A function that fills the text in for a device. Environment variables are read now, from `environment`; `columns` names the further
 * columns that the values hold. Throws if a placeholder is unknown or a variable is not set, which the scenario check has already
 * reported.
 */
export function compileTemplate(
  text: string,
  environment: Readonly<Record<string, string>>,
  columns: readonly string[],
): (values: TemplateValues) => string {
  const parts = text.split(/\$\{([^}]*)\}/).map((part, position): string | DevicePart => {
    if (position % 2 === 0) return part;
    const variable = environmentNameOf(part);
    if (variable !== undefined) return environmentValue(variable, environment);
    const column = columnNameOf(part);
    if (column !== undefined) return { column: columns.indexOf(column) };
    const key = DEVICE_PLACEHOLDERS.find((name) => name === part);
    if (key === undefined) throw new Error(`unknown placeholder \${${part}}`);
    return { key };
  });
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return () => only;
  return (values) => parts.map((part) => (typeof part === 'string' ? part : partOf(part, values))).join('');
}

function partOf(part: DevicePart, values: TemplateValues): string {
  return 'key' in part ? values[part.key] : (values.columns?.[part.column] ?? '');
}

/** The value of a variable; undefined if it is not set, which includes inherited names such as `constructor`. */
export function variableOf(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

function environmentValue(variable: string, environment: Readonly<Record<string, string>>): string {
  const value = variableOf(environment, variable);
  if (value === undefined) throw new Error(`environment variable ${variable} is not set`);
  return value;
}
