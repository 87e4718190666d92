// Every output of every test is looked through: no control character may reach a terminal but our own colours and redraws,
// and nothing of what an error means to the reference.

import { expect } from 'vitest';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const OURS = /\r?\u001b\[(?:\d{1,2}(?:;\d{1,3})*m|\d*[AGJKhsu]|\?\d+[hl])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A key of JSON or YAML, at any depth. */
const REFERENCE_KEY = /^\s*"?argocd[A-Z]\w*"?:/m;

export function expectClean(text: string): string {
  const raw = CONTROL.exec(text.replace(OURS, ''));
  expect(raw && JSON.stringify(text.slice(0, 2000)), 'an output with a raw control character').toBeNull();
  expect(REFERENCE_KEY.exec(text)?.[0], 'what an error means to the reference').toBeUndefined();
  return text;
}
