import type { Step } from './play.mjs';

export const SCENARIOS: Readonly<Record<string, readonly Step[]>>;
