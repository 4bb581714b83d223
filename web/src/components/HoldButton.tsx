import { Button, type ButtonProps } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const HOLD = 1_000;
const AGAIN = 3_000;

interface HoldButtonProps extends ButtonProps {
  children: ReactNode;
  onHeld: () => void;
}

/** A button that acts when it is held for a second; by keyboard, when it is pressed twice. A slip does nothing. */
export function HoldButton({ children, onHeld, ...rest }: HoldButtonProps) {
  const { t } = useTranslation();
  const [isHeld, setHeld] = useState(false);
  const [isOnce, setOnce] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const end = () => {
    clearTimeout(timer.current);
    setHeld(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!isOnce) return;
    const forget = setTimeout(() => setOnce(false), AGAIN);
    return () => clearTimeout(forget);
  }, [isOnce]);
  const begin = () => {
    setHeld(true);
    timer.current = setTimeout(() => {
      setHeld(false);
      onHeld();
    }, HOLD);
  };
  const press = (event: KeyboardEvent) => {
    if (event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    setOnce(!isOnce);
    if (isOnce) onHeld();
  };
  return (
    <Button
      {...rest}
      type="button"
      className="hold"
      data-held={isHeld || undefined}
      title={t("common.hold")}
      onPointerDown={begin}
      onPointerUp={end}
      onPointerLeave={end}
      onPointerCancel={end}
      onKeyDown={press}
      onContextMenu={(event) => event.preventDefault()}
    >
      {isOnce ? t("common.pressAgain") : children}
    </Button>
  );
}
