CREATE TABLE `cells` (
	`id` text PRIMARY KEY NOT NULL,
	`notebook_id` text NOT NULL,
	`order_key` text NOT NULL,
	`language` text NOT NULL,
	`source` text NOT NULL,
	`version` integer NOT NULL,
	`result_name` text,
	`connection_id` text,
	`disabled` integer NOT NULL,
	`hidden` integer NOT NULL,
	`defines` text NOT NULL,
	`uses` text NOT NULL,
	`status` text NOT NULL,
	`stale` integer NOT NULL,
	`result` text NOT NULL,
	`run_id` text,
	`started_at` text,
	`cause` text,
	`exports` text NOT NULL,
	`deleted_at` text,
	`deleted_after` text,
	FOREIGN KEY (`notebook_id`) REFERENCES `notebooks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `cells_notebook` ON `cells` (`notebook_id`,`deleted_at`,`order_key`);--> statement-breakpoint
CREATE TABLE `identities` (
	`iss` text NOT NULL,
	`sub` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`iss`, `sub`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `identities_user` ON `identities` (`user_id`);--> statement-breakpoint
CREATE TABLE `journal` (
	`notebook_id` text NOT NULL,
	`rev` integer NOT NULL,
	`at` text NOT NULL,
	`actor` text NOT NULL,
	`changes` text NOT NULL,
	PRIMARY KEY(`notebook_id`, `rev`),
	FOREIGN KEY (`notebook_id`) REFERENCES `notebooks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `notebooks` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`title` text NOT NULL,
	`kind` text NOT NULL,
	`epoch` text NOT NULL,
	`rev` integer NOT NULL,
	`mode` text NOT NULL,
	`cutoff` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notebooks_owner` ON `notebooks` (`owner_id`,`updated_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `notebooks_provisioned` ON `notebooks` (`owner_id`,`kind`) WHERE kind in ('demo', 'blank');--> statement-breakpoint
CREATE TABLE `operations` (
	`user_id` text NOT NULL,
	`op_id` text NOT NULL,
	`procedure` text NOT NULL,
	`notebook_id` text,
	`result` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`user_id`, `op_id`)
);
--> statement-breakpoint
CREATE INDEX `operations_at` ON `operations` (`at`);--> statement-breakpoint
CREATE TABLE `outputs` (
	`cell_id` text NOT NULL,
	`id` text NOT NULL,
	`notebook_id` text NOT NULL,
	`run_id` text,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`name` text,
	`text` text,
	`data` text,
	`truncated_bytes` integer,
	PRIMARY KEY(`cell_id`, `id`),
	FOREIGN KEY (`cell_id`) REFERENCES `cells`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `outputs_notebook` ON `outputs` (`notebook_id`,`seq`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `auth_account` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `auth_account_user` ON `auth_account` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_jwks` (
	`id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`alg` text,
	`crv` text,
	`created_at` integer NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE TABLE `auth_session` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`token` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `auth_user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_session_token_unique` ON `auth_session` (`token`);--> statement-breakpoint
CREATE INDEX `auth_session_user` ON `auth_session` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer NOT NULL,
	`image` text,
	`is_anonymous` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_user_email_unique` ON `auth_user` (`email`);--> statement-breakpoint
CREATE TABLE `auth_verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
