import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

/** Where messages appear and go. */
export function Messages() {
  return <Notifications position="bottom-right" limit={4} />;
}
