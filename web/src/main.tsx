import "virtual:mantine-styles";
import "./app/page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Root } from "./app/Root";
import { beginToSpeak } from "./i18n";

const place = document.getElementById("root");
if (place) {
  await beginToSpeak();
  createRoot(place).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}
