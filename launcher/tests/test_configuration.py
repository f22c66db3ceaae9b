"""Where settings come from, and what is refused."""

import unittest

from plumbline.configuration import SETTINGS, Configuration
from plumbline.errors import LauncherError

from .fakes import TemporaryFolder


class ConfigurationTest(TemporaryFolder):
    def write(self, text: str) -> None:
        (self.folder / "plumbline.toml").write_text(text, encoding="utf-8")

    def test_option_beats_environment_beats_file_beats_default(self):
        self.write("[application]\nport = 8001\n[kafka]\nport = 9001\n[keycloak]\nport = 8101\n")
        environment = {"PLUMBLINE_PORT": "8002", "PLUMBLINE_KAFKA_PORT": "9002"}
        loaded = Configuration.load(self.folder, environment, {"PLUMBLINE_PORT": "8003"})
        self.assertEqual(loaded.given_port("application"), 8003)
        self.assertEqual(loaded.given_port("kafka"), 9002)
        self.assertEqual(loaded.given_port("keycloak"), 8101)
        self.assertIsNone(loaded.given_port("postgres"))
        self.assertEqual(Configuration.default_port("postgres"), 5433)

    def test_ports_of_the_file_belong_to_the_default_instance(self):
        self.write("[application]\nport = 8001\nbackend = 'cpu'\n")
        loaded = Configuration.load(self.folder, {}, ports_from_file=False)
        self.assertIsNone(loaded.given_port("application"))
        self.assertEqual(loaded.value("PLUMBLINE_BACKEND"), "cpu")

    def test_misspelt_key_is_refused_with_the_right_one(self):
        self.write("[application]\nprot = 8001\n")
        with self.assertRaises(LauncherError) as refused:
            Configuration.load(self.folder, {})
        self.assertIn("'application.prot'", refused.exception.what)
        self.assertIn("application.port", refused.exception.remedy)

    def test_broken_file_names_the_line(self):
        self.write("[application\nport = 1\n")
        with self.assertRaises(LauncherError) as refused:
            Configuration.load(self.folder, {})
        self.assertIn("line 1", refused.exception.what)

    def test_port_out_of_range_is_refused(self):
        for wrong in ("80", "65536", "many"):
            with self.subTest(wrong), self.assertRaises(LauncherError):
                Configuration({"PLUMBLINE_PORT": wrong}).given_port("application")

    def test_own_database_needs_all_three_roles(self):
        with self.assertRaises(LauncherError) as refused:
            Configuration({"PLUMBLINE_DB_URL": "jdbc:postgresql://db/plumbline", "PLUMBLINE_DB_APP_USER": "app"})
        self.assertIn("PLUMBLINE_DB_OWNER_USER", refused.exception.what)
        self.assertNotIn("PLUMBLINE_DB_APP_USER,", refused.exception.what)

    def test_other_databases_are_refused(self):
        with self.assertRaises(LauncherError) as refused:
            Configuration({"PLUMBLINE_DB_URL": "jdbc:mysql://db/plumbline"})
        self.assertIn("jdbc:postgresql://HOST", refused.exception.remedy)

    def test_what_the_launcher_recorded_itself_is_no_own_server(self):
        ours = {name: f"ours-{name}" for name in _DATABASE if name != "PLUMBLINE_DB_URL"}
        ours["PLUMBLINE_DB_URL"] = "jdbc:postgresql://127.0.0.1:5433/plumbline"
        ours["PLUMBLINE_KAFKA"] = "127.0.0.1:9094"
        taken_over = Configuration({**ours, "PLUMBLINE_OIDC_URL": "https://sso.example/realms/plumbline"})
        left = taken_over.without(ours, keep={})
        self.assertFalse(left.own_database)
        self.assertFalse(left.own_kafka)
        self.assertTrue(left.own_oidc)

    def test_own_database_may_have_the_role_names_of_the_embedded_one(self):
        ours = {name: "same" for name in _DATABASE}
        ours["PLUMBLINE_DB_URL"] = "jdbc:postgresql://127.0.0.1:5433/plumbline"
        own = Configuration({**ours, "PLUMBLINE_DB_URL": "jdbc:postgresql://db.example/plumbline"})
        self.assertTrue(own.without(ours, keep={}).own_database)

    def test_names_and_places_are_pinned(self):
        self.assertEqual(len({setting.variable for setting in SETTINGS}), len(SETTINGS))
        self.assertEqual(len({setting.place for setting in SETTINGS}), len(SETTINGS))
        defaults = {setting.variable: setting.default for setting in SETTINGS if setting.default}
        self.assertEqual(
            defaults,
            {
                "PLUMBLINE_HOST": "127.0.0.1",
                "PLUMBLINE_PORT": "8080",
                "PLUMBLINE_BACKEND": "auto",
                "PLUMBLINE_KV_PRECISION": "float32",
                "PLUMBLINE_KEYCLOAK_PORT": "8180",
                "PLUMBLINE_POSTGRES_PORT": "5433",
                "PLUMBLINE_KAFKA_PORT": "9094",
            },
        )


_DATABASE = [setting.variable for setting in SETTINGS if setting.section == "database"]

if __name__ == "__main__":
    unittest.main()
