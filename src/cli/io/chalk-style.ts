// The one door to chalk: meanings become colours here and nowhere else.

import { Chalk, type ChalkInstance } from 'chalk';
import type { Style } from '../../render/style.ts';
import type { ColourLevel } from './colour.ts';
import { trusted } from './visible.ts';

export function chalkStyle(level: ColourLevel): Style {
  const chalk = new Chalk({ level });
  return {
    good: painter(chalk.green),
    warn: painter(chalk.yellow),
    busy: painter(chalk.blueBright),
    bad: painter(chalk.red),
    held: painter(chalk.magenta),
    faint: painter(chalk.dim),
    heading: painter(chalk.bold),
    plain: (text) => text,
  };
}

/** The colour around each line; where another one ends within, it goes on. */
function painter(colour: ChalkInstance): (text: string) => string {
  const [begin = '', end = ''] = colour('|').split('|').map(trusted);
  const paint = (line: string): string => (line === '' ? '' : begin + line.replaceAll(end, end + begin) + end);
  return (text) => text.split('\n').map(paint).join('\n');
}
