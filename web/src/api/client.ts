import type { CreateClientConfig } from "./gen/client.gen";

let csrf = "";

/** What the server gave with the session: sent with every request, so that no other page can make one. */
export function keepCsrf(given: string | null): void {
  csrf = given ?? "";
}

/** How every request of the generated client is made: same origin, with the session's cookie, failing by throwing. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: "",
  credentials: "same-origin",
  throwOnError: true,
  fetch: (request) => {
    const asked = new Request(request);
    if (csrf && asked.method !== "GET") asked.headers.set("X-CSRF-Token", csrf);
    return fetch(asked);
  },
});
