// The picture: fields beside each other, each as wide as its text.

export interface Badge {
  readonly health: string;
  /** '' leaves the field out. */
  readonly sync: string;
  readonly revision?: string;
  readonly name?: string;
}

const GREEN = '#0f8f6e';
const COLOURS: Readonly<Record<string, string>> = {
  Healthy: GREEN,
  Synced: GREEN,
  Progressing: '#0b78ad',
  Suspended: '#766f94',
  Degraded: '#c03d3d',
  OutOfSync: '#b26a00',
  Missing: '#b26a00',
};
const GREY = '#5f6b73';

const HEIGHT = 20;
const PADDING = 8;
/** Of Verdana at 11 pixels, on the safe side. */
const CHARACTER = 7;

interface Field {
  readonly text: string;
  readonly colour: string;
}

/** An SVG document; `width` in pixels spreads the fields. */
export function drawBadge({ health, sync, revision, name }: Badge, width = 0): string {
  const label = [sync, revision && `(${revision})`].filter((text) => text).join(' ');
  const fields: Field[] = [
    ...(name ? [{ text: name, colour: GREY }] : []),
    { text: health, colour: COLOURS[health] ?? GREY },
    ...(label ? [{ text: label, colour: COLOURS[sync] ?? GREY }] : []),
  ];
  const natural = fields.map(({ text }) => text.length * CHARACTER + 2 * PADDING);
  const total = natural.reduce((sum, each) => sum + each, 0);
  const spare = Math.max(0, Math.min(width, 2000) - total) / fields.length;
  let left = 0;
  const drawn = fields.map(({ text, colour }, index) => {
    const size = (natural[index] ?? 0) + spare;
    const middle = left + size / 2;
    const box = `<rect x="${left}" width="${size}" height="${HEIGHT}" fill="${colour}"/>`;
    left += size;
    return `${box}<text x="${middle}" y="14" text-anchor="middle">${escaped(text)}</text>`;
  });
  const title = fields.map(({ text }) => text).join(', ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="${HEIGHT}" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${drawn.join('')}</g></svg>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
