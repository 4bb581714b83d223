import { expect, test } from "vitest";
import { SCREENS } from "@/app/screens";
import { PLACES } from "@/features/help/topics";

test("the help tells of every screen, at its address and with its key", () => {
  const told = PLACES.map(({ name, path, key }) => `${name} ${path} ${key}`);
  expect(told).toEqual(SCREENS.map(({ name, path, key }) => `${name} ${path} ${key}`));
});
