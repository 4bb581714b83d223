import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { configure, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { makeQueries } from "@/api/queries";
import { beginToSpeak } from "@/i18n";
import { Caller } from "@/lib/caller";

/** What a made-up server says: a body, or a status with a body and headers. */
export type Answer = unknown | ((asked: Asked) => Said | Promise<Said>);
export interface Said {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}
export interface Asked {
  method: string;
  path: string;
  body: unknown;
  headers: Headers;
}

// Other work may need the processors, too.
configure({ asyncUtilTimeout: 10_000 });

const HERE = "http://127.0.0.1";
let spoken: Promise<void> | undefined;

/** A server that is made up: answers by `METHOD /path`, and what was asked of it. Other readings find empty lists. */
export class Fake {
  readonly asked: Asked[] = [];
  isBroken = false;

  constructor(readonly answers: Record<string, Answer> = {}) {}

  /** What was written, without readings. */
  get written(): Asked[] {
    return this.asked.filter(({ method }) => method !== "GET");
  }

  /** Answers one request. */
  async answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    const text = await request.text();
    const asked = { method: request.method, path, body: text ? JSON.parse(text) : null, headers: request.headers };
    this.asked.push(asked);
    if (this.isBroken) return said({ status: 500, body: problem(500, "broken", "the disk is full") });
    const known = this.answers[`${request.method} ${path}`];
    if (typeof known === "function") return said(await known(asked));
    return said({ body: known ?? { items: [], next: null } });
  }
}

/** A problem document. */
export const problem = (status: number, code: string, detail: string) => ({
  type: "about:blank",
  title: code,
  status,
  code,
  detail,
  request_id: "r1",
});

function said({ status = 200, body = null, headers = {} }: Said): Response {
  const text = status === 204 ? null : JSON.stringify(body);
  const kind = status >= 400 ? "application/problem+json" : "application/json";
  return new Response(text, { status, headers: { "content-type": kind, ...headers } });
}

function stand(fake: Fake): void {
  const Plain = globalThis.Request;
  class Near extends Plain {
    constructor(asked: RequestInfo | URL, more?: RequestInit) {
      super(typeof asked === "string" ? new URL(asked, HERE) : asked, more);
    }
  }
  vi.stubGlobal("Request", Near);
  vi.stubGlobal("fetch", (asked: Request) => fake.answer(asked));
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
  }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  window.scrollTo = () => {};
}

/** Put a screen on a stage of its own: a made-up server, an address, somebody who may do everything. */
export async function stage(Screen: () => ReactNode, fake: Fake, address = "/") {
  stand(fake);
  spoken ??= beginToSpeak();
  await spoken;
  const queries = makeQueries(() => {});
  const root = createRootRoute({ component: Outlet });
  const [path = "/"] = address.split("?");
  const own = createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: (search: Record<string, unknown>) => search as Record<string, string>,
    component: Screen,
  });
  const router = createRouter({
    routeTree: root.addChildren([own]),
    history: createMemoryHistory({ initialEntries: [address] }),
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  });
  const shown = render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <Notifications />
        <Caller.Provider value={{ name: "mary", role: "admin" }}>
          {/* biome-ignore lint/suspicious/noExplicitAny: a router of its own, not the page's */}
          <RouterProvider router={router as any} />
        </Caller.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...shown, queries };
}
