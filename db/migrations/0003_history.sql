CREATE TABLE `history` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`notebook_id` text NOT NULL,
	`rev` integer NOT NULL,
	`started_at` text NOT NULL,
	`at` text NOT NULL,
	`burst` integer NOT NULL,
	`steps` text NOT NULL,
	`characters` integer NOT NULL,
	`restored` text,
	FOREIGN KEY (`notebook_id`) REFERENCES `notebooks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `history_notebook` ON `history` (`notebook_id`,`id`);--> statement-breakpoint
CREATE INDEX `history_at` ON `history` (`at`);