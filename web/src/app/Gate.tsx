import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { keepCsrf } from "@/api/client";
import { readSessionOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Failure } from "@/components/Asked";
import { Caller } from "@/lib/caller";

const LoginScreen = lazy(async () => ({ default: (await import("@/features/session/LoginScreen")).LoginScreen }));
const SetupScreen = lazy(async () => ({ default: (await import("@/features/session/SetupScreen")).SetupScreen }));

const waiting = (
  <Center mih={240}>
    <Loader type="dots" />
  </Center>
);

/** Shows the page to who is logged in, and to all others how to get in; the address stays what it is. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useQuery({ ...readSessionOptions(), staleTime: 60_000 });
  if (!session.data)
    return session.error ? <Failure error={session.error} onRetry={() => session.refetch()} /> : waiting;
  const { user, role, csrf, set_up_needed } = session.data;
  keepCsrf(csrf);
  if (user && role) return <Caller.Provider value={{ name: user, role }}>{children}</Caller.Provider>;
  return <Suspense fallback={waiting}>{set_up_needed ? <SetupScreen /> : <LoginScreen />}</Suspense>;
}
