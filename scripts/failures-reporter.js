// A vitest reporter for vitest.js: writes how many tests passed, and a line for each thing that failed or did not run.

import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class FailuresReporter {
  /**
   * `modules` are the test files; `errors` came outside every test. A skipped test counts as failed: CI must not be
   * green for what it did not run.
   */
  onTestRunEnd(modules, errors) {
    let passed = 0;
    const failures = errors.map((error) => `outside every test: ${firstLine(error)}`);
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      // A file that breaks before its tests, or a suite whose hook breaks.
      failures.push(...module.errors().map((error) => `${file}: ${firstLine(error)}`));
      for (const suite of module.children.allSuites()) {
        failures.push(...suite.errors().map((error) => `${file} > ${suite.fullName}: ${firstLine(error)}`));
      }
      for (const test of module.children.allTests()) {
        const { state, errors: reasons = [] } = test.result();
        if (state === 'passed') passed += 1;
        else failures.push(`${file} > ${test.fullName}: ${reasons[0] ? firstLine(reasons[0]) : state}`);
      }
    }
    writeFileSync(process.env.HAWSER_TEST_REPORT, JSON.stringify({ passed, failures }));
  }
}

function firstLine(error) {
  return String(error.message ?? error)
    .split('\n', 1)[0]
    .slice(0, 700);
}
