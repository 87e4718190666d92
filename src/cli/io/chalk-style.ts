// The one door to chalk: meanings become colours here and nowhere else.

import { Chalk } from 'chalk';
import type { Style } from '../../render/style.ts';
import type { ColourLevel } from './colour.ts';

export function chalkStyle(level: ColourLevel): Style {
  const chalk = new Chalk({ level });
  return {
    good: chalk.green,
    warn: chalk.yellow,
    busy: chalk.blueBright,
    bad: chalk.red,
    held: chalk.magenta,
    faint: chalk.dim,
    heading: chalk.bold,
    plain: (text) => text,
  };
}
