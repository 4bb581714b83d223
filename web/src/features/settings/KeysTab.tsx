import { Alert, Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Lock } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeysAnswer } from "@/api/gen";
import { listKeysOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";
import { headerOf } from "@/lib/headers";
import { KeptKeys } from "./KeptKeys";
import { NewKey } from "./NewKey";

/** Keys of exchanges and bots in the encrypted store: which there are, never what they are. */
export function KeysTab() {
  const { t } = useTranslation();
  const query = useQuery(listKeysOptions());
  return (
    <Stack gap="md">
      <Alert color="gray" icon={<KeyRound size={18} aria-hidden />}>
        {t("settings.secrets.note")}
      </Alert>
      <Asked query={query}>
        {(found) => (found.opens_by_itself ? <Open found={found} headers={{}} /> : <Locked isThere={found.is_there} />)}
      </Asked>
    </Stack>
  );
}

function Open({ found, headers }: { found: KeysAnswer; headers: Record<string, string> }) {
  return (
    <>
      <KeptKeys kept={found.kept} headers={headers} />
      <NewKey known={found.known} headers={headers} />
    </>
  );
}

/** A store that needs its passphrase; the page forgets it with this tab. */
function Locked({ isThere }: { isThere: boolean }) {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState("");
  const headers = { "X-Passphrase": headerOf(passphrase) };
  const query = useQuery({ ...listKeysOptions({ headers }), enabled: passphrase !== "", gcTime: 0 });
  if (!query.data || !passphrase)
    return <Unlock isThere={isThere} isBusy={query.isFetching} error={query.error} onGive={setPassphrase} />;
  return (
    <>
      <Group>
        <Button variant="default" leftSection={<Lock size={15} aria-hidden />} onClick={() => setPassphrase("")}>
          {t("settings.secrets.lock")}
        </Button>
      </Group>
      <Open found={query.data} headers={headers} />
    </>
  );
}

interface UnlockProps {
  isThere: boolean;
  isBusy: boolean;
  error: unknown;
  onGive: (passphrase: string) => void;
}

/** Asks for the passphrase: twice where it is chosen now, since nobody could tell a slip of the finger later. */
function Unlock({ isThere, isBusy, error, onGive }: UnlockProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState({ passphrase: "", again: "" });
  const differs = !isThere && given.again !== "" && given.again !== given.passphrase;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isThere || given.again === given.passphrase) onGive(given.passphrase);
  };
  return (
    <Panel title={t(isThere ? "settings.secrets.unlock" : "settings.secrets.begin")}>
      <form onSubmit={send}>
        <Stack maw={420}>
          <Password
            label={t("settings.secrets.passphrase")}
            description={t(isThere ? "settings.secrets.unlockHelp" : "settings.secrets.beginHelp")}
            autoComplete="off"
            required
            value={given.passphrase}
            onChange={(event) => setGiven({ ...given, passphrase: event.currentTarget.value })}
          />
          {!isThere && (
            <Password
              label={t("settings.secrets.again")}
              autoComplete="off"
              required
              error={differs && t("settings.secrets.differ")}
              value={given.again}
              onChange={(event) => setGiven({ ...given, again: event.currentTarget.value })}
            />
          )}
          <Refusal error={error} />
          <Group>
            <Button type="submit" loading={isBusy} disabled={differs}>
              {t(isThere ? "settings.secrets.open" : "settings.secrets.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
