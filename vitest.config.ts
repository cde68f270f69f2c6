import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/closing-line.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Journals of runs are the user's, not the tests'.
    env: { XDG_STATE_HOME: "node_modules/.cache/glovebox/state" },
    testTimeout: 240_000,
    hookTimeout: 300_000,
    reporters: ["default", new ClosingLine()],
  },
});
