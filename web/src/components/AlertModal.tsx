import { Modal, type ModalProps } from "@mantine/core";
import "./deeds.css";

/** A dialog that asks before something is done: a press beside it does not close it. Nothing is left of it once closed. */
export function AlertModal({ opened, title, children, ...rest }: ModalProps & { title: string }) {
  return (
    <Modal
      opened={opened}
      title={title}
      closeOnClickOutside={false}
      {...rest}
      {...(opened ? { role: "alertdialog", "aria-label": title } : {})}
    >
      {children}
    </Modal>
  );
}
