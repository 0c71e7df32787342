import type { TemplateValues } from '../../device/template.ts';

/** Placeholders whose values are no secrets. */
const OPEN: readonly (keyof Omit<TemplateValues, 'deviceSecret' | 'columns'>)[] = ['deviceName', 'productKey', 'index'];

/**
 * A template filled in as far as its values may be shown: variables, columns of a list and the device's secret stay as they are written,
 * because any of them may be a secret.
 */
export function shownTemplate(template: string, values: Omit<TemplateValues, 'deviceSecret' | 'columns'>): string {
  return template.replace(/\$\{([^}]*)\}/g, (written, name: string) => {
    const key = OPEN.find((one) => one === name);
    return key === undefined ? written : values[key];
  });
}
