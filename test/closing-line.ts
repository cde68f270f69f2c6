// A vitest reporter whose only word is the closing line `N passed, M failed`, after what the default one prints.

import type { Reporter, TestModule } from "vitest/node";

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const brokenModules = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    const count = (state: string): number => states.filter((each) => each === state).length;
    if (count("skipped") > 0) process.stdout.write(`${count("skipped")} skipped\n`);
    process.stdout.write(`${count("passed")} passed, ${count("failed") + brokenModules} failed\n`);
  }
}
