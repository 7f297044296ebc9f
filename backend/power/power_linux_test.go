package power_test

import (
	"testing"
	"testing/fstest"

	"nectar/backend/power"
)

// supply is a folder of the kernel for one battery or charger.
func supply(into fstest.MapFS, name string, files map[string]string) {
	for file, text := range files {
		into[name+"/"+file] = &fstest.MapFile{Data: []byte(text + "\n")}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	battery := func(status, capacity string) map[string]string {
		return map[string]string{"type": "Battery", "present": "1", "status": status, "capacity": capacity}
	}
	charger := func(online string) map[string]string { return map[string]string{"type": "Mains", "online": online} }
	cases := []struct {
		name     string
		supplies map[string]map[string]string
		want     power.State
	}{
		{"a machine without a battery", nil, power.State{Mains: true, Percent: 100}},
		{"a laptop on its battery", map[string]map[string]string{"AC": charger("0"), "BAT0": battery("Discharging", "37")}, power.State{Battery: true, Percent: 37}},
		{"a laptop that charges", map[string]map[string]string{"AC": charger("1"), "BAT0": battery("Charging", "37")}, power.State{Battery: true, Mains: true, Percent: 37}},
		{"a charger on USB", map[string]map[string]string{"ucsi": {"type": "USB_PD", "online": "1"}, "BAT0": battery("Full", "100")}, power.State{Battery: true, Mains: true, Percent: 100}},
		{"no charger is shown, and the battery drains", map[string]map[string]string{"BAT0": battery("Discharging", "12")}, power.State{Battery: true, Percent: 12}},
		{"no charger is shown, and it does not", map[string]map[string]string{"BAT0": battery("Not charging", "80")}, power.State{Battery: true, Mains: true, Percent: 80}},
		{"two batteries count together", map[string]map[string]string{"AC": charger("0"), "BAT0": battery("Discharging", "20"), "BAT1": battery("Unknown", "60")}, power.State{Battery: true, Percent: 40}},
		{"a battery that says its energy alone", map[string]map[string]string{"BAT0": {"type": "Battery", "status": "Discharging", "energy_now": "21000000", "energy_full": "42000000"}}, power.State{Battery: true, Percent: 50}},
		{"a battery that is not there", map[string]map[string]string{"BAT0": {"type": "Battery", "present": "0"}}, power.State{Mains: true, Percent: 100}},
		{"the battery of a mouse", map[string]map[string]string{"hid": {"type": "Battery", "scope": "Device", "present": "1", "status": "Discharging", "capacity": "3"}}, power.State{Mains: true, Percent: 100}},
		{"nonsense", map[string]map[string]string{"BAT0": battery("Discharging", "9999"), "AC": charger("x")}, power.State{Battery: true, Percent: 100}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := fstest.MapFS{}
			for name, files := range c.supplies {
				supply(folder, name, files)
			}
			got, err := power.ReadFrom(folder)
			if err != nil || got != c.want {
				t.Errorf("state is %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

func TestPmset(t *testing.T) {
	t.Parallel()
	cases := map[string]power.State{
		"Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t58%; discharging; 3:11 remaining present: true\n": {Battery: true, Percent: 58},
		"Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t100%; charged; 0:00 remaining present: true\n":         {Battery: true, Mains: true, Percent: 100},
		"Now drawing from 'AC Power'\n": {Mains: true, Percent: 100},
		"":                              {Mains: true, Percent: 100},
	}
	for text, want := range cases {
		if got := power.ParsePmset(text); got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
}
