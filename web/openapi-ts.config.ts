import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "openapi.json",
  // The streams are read by src/api/events.ts; their events keep their types.
  parser: {
    filters: {
      operations: { exclude: ["GET /api/v1/events", "GET /api/v1/signals/stream"] },
      orphans: true,
    },
  },
  output: { path: "src/api/gen", module: { extension: null } },
  plugins: [
    { name: "@hey-api/client-fetch", runtimeConfigPath: "../client" },
    "@hey-api/typescript",
    "@hey-api/sdk",
    { name: "@tanstack/react-query", queryKeys: { tags: true } },
  ],
});
