import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Gate } from "./Gate";

// Asked for at once, while the server says who it is; who must log in does not wait for it.
const loading = import("./Inside");
const Inside = lazy(async () => ({ default: (await loading).Inside }));

const waiting = (
  <Center mih={240}>
    <Loader type="dots" />
  </Center>
);

/** What stands around every screen, for who is logged in. */
export function Shell() {
  return (
    <Gate>
      <Suspense fallback={waiting}>
        <Inside />
      </Suspense>
    </Gate>
  );
}
